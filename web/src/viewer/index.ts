/** The picture viewer, as the other parts use it. */
export type { Measured } from "./measure";
export type { Point } from "./points";
export { usePreloaded } from "./preload";
export { type Hold, type Tool, Viewer } from "./viewer";
