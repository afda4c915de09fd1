/** The words of the pages of algorithms and their tests in Russian; the English ones have the same keys. */
export const ru = {
  title: "Испытания",
};
