/** The words of a lesion over time, its histology and its questions in Russian; the English ones have the same keys. */
export const ru = {
  title: "Наблюдение",
};
