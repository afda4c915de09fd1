/** The words of the administrator's pages in Russian; the English ones have the same keys. */
export const ru = {
  title: "Управление",
};
