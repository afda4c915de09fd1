/** The words of patients and what is done for them; the English ones have the same keys. */
export const ru = {
  title: "Пациенты",
};
