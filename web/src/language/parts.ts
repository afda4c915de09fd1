/** The parts with words of their own: types alone, so that nothing of them is loaded too early. */
export interface PartWords {
  account: typeof import("../account/words.ru").ru;
  body: typeof import("../body/words.ru").ru;
  viewer: typeof import("../viewer/words.ru").ru;
  pocket: typeof import("../pocket/words.ru").ru;
  survey: typeof import("../survey/words.ru").ru;
  patients: typeof import("../patients/words.ru").ru;
  reading: typeof import("../labelling/words.ru").ru;
  oversight: typeof import("../oversight/words.ru").ru;
  datasets: typeof import("../datasets/words.ru").ru;
  evaluation: typeof import("../evaluation/words.ru").ru;
  administration: typeof import("../administration/words.ru").ru;
  follow_up: typeof import("../follow-up/words.ru").ru;
}
