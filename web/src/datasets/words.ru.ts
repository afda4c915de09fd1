/** The words of the pages of datasets in Russian; the English ones have the same keys. */
export const ru = {
  title: "Наборы данных",
};
