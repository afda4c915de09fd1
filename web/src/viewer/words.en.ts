import type { ru } from "./words.ru";

export const en: typeof ru = {
  keys: "Zoom: keys + and −, the whole image: 0, move: arrows.",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  whole: "Show the whole image",
  outline: "Outline",
  saliency: "Where the model looked",
  saliencyMeans: "The brighter, the more speaks for the most probable class.",
  lost: "The image did not load.",
  again: "Load it again",
  loading: "Loading the image…",
  ruler: {
    how: "Mark two points: drag from one to the other, or place them with the arrows and Enter.",
    millimetres: "{{amount}} mm",
    pixels: "{{amount}} px",
    noScale: "the scale of the image is not known",
    scale: "scale: {{spacing}} mm a pixel",
    from: "Start of the line",
    to: "End of the line",
  },
  drawing: {
    how: "Draw around the lesion in one line, or place points along its border; end where you began. By keyboard: arrows and Enter.",
    edit: "Points can be moved; Delete erases the one you have clicked.",
    close: "Close the outline",
    clear: "Erase the outline",
    points: { one: "point", few: "points", many: "points", other: "points" },
    corner: "Point of the outline",
    canvas: "Outline of the lesion",
    drawn: "The outline is done",
  },
};
