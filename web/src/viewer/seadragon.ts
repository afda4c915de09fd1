/** OpenSeadragon set up for one picture under the pages' strict policy. */
import OpenSeadragon from "openseadragon";

export type Seadragon = OpenSeadragon.Viewer;

const GLIDE_S = 0.35;
const ZOOM_STEP = 1.6;

export function still(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function makeSeadragon(element: HTMLElement): Seadragon {
  takeStylePlace();
  const viewer = OpenSeadragon({
    element,
    // Drawn by plain canvas: pictures of another origin need no permission to be shown so.
    drawer: "canvas",
    // Buttons and keys are the page's own.
    showNavigationControl: false,
    keyboardNavEnabled: false,
    tabIndex: -1,
    animationTime: still() ? 0 : GLIDE_S,
    blendTime: 0,
    immediateRender: true,
    minZoomImageRatio: 1,
    maxZoomPixelRatio: 12,
    visibilityRatio: 0.6,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true, flickEnabled: false },
    gestureSettingsTouch: { pinchRotate: false, dblClickToZoom: true },
    gestureSettingsPen: { clickToZoom: false, dblClickToZoom: true },
  });
  // What went wrong the page says itself, in the reader's language.
  Object.assign(viewer, { _showMessage: () => undefined });
  return viewer;
}

/**
 * OpenSeadragon puts a <style> into the page, which the policy forbids, unless it finds its own
 * there; an element of that name from another namespace is no style to the browser. What it would
 * say is in viewer.css.
 */
function takeStylePlace(): void {
  const mark = "data-openseadragon-mobile-css";
  if (document.querySelector(`style[${mark}]`)) return;
  const place = document.createElementNS(null, "style");
  place.setAttribute(mark, "true");
  document.head.append(place);
}

/** While something is drawn, one pointer belongs to the tool; wheel and pinch still zoom. */
export function leavePointerToTool(viewer: Seadragon, drawing: boolean): void {
  for (const device of ["mouse", "touch", "pen"]) {
    const gestures = viewer.gestureSettingsByDeviceType(device);
    gestures.dragToPan = !drawing;
    gestures.dblClickToZoom = !drawing;
    gestures.flickEnabled = !drawing && device === "touch";
  }
  const tracker = (viewer as unknown as { innerTracker: OpenSeadragon.MouseTracker }).innerTracker;
  tracker.preProcessEventHandler = drawing
    ? (event) => {
        // A captured pointer would tell OpenSeadragon alone where it goes; fingers it does not capture.
        if (event.eventType === "pointerdown" && event.pointerType !== "touch")
          event.preventGesture = true;
      }
    : null;
}

export function zoom(viewer: Seadragon, inwards: boolean): void {
  viewer.viewport?.zoomBy(inwards ? ZOOM_STEP : 1 / ZOOM_STEP, undefined, still());
  viewer.viewport?.applyConstraints(still());
}

export function showWhole(viewer: Seadragon): void {
  viewer.viewport?.goHome(still());
}

/** Move what is seen by parts of the window. */
export function pan(viewer: Seadragon, x: number, y: number): void {
  const { viewport } = viewer;
  if (!viewport) return;
  const { width, height } = viewport.getBounds();
  viewport.panBy(new OpenSeadragon.Point(x * width, y * height), still());
  viewport.applyConstraints(still());
}

/** Lay `sheet` over the picture that is open, so that it moves and grows with it. */
export function layOver(viewer: Seadragon, sheet: HTMLElement): { width: number; height: number } {
  const item = viewer.world.getItemAt(0);
  const { x: width, y: height } = item.getContentSize();
  viewer.addOverlay({ element: sheet, location: new OpenSeadragon.Rect(0, 0, 1, height / width) });
  return { width, height };
}
