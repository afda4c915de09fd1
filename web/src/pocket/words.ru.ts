/** The words of the patient's pages in Russian; the English ones have the same keys. */
export const ru = {
  title: "Мои родинки",
};
