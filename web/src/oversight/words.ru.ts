/** The words of the curator's overview, cases and experts in Russian; the English ones have the same keys. */
export const ru = {
  title: "Обзор",
};
