/** The words of the readers' pages in Russian; the English ones have the same keys. */
export const ru = {
  title: "Чтение",
};
