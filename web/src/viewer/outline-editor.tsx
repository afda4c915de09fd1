/**
 * Changing the lesion's border with Annotorious: points are moved, added and taken away. Its annotator
 * for plain images draws by SVG; the one for OpenSeadragon makes code while it runs, which the pages'
 * policy forbids.
 */
import {
  createImageAnnotator,
  type ImageAnnotation,
  type ImageAnnotator,
  ShapeType,
} from "@annotorious/annotorious";
import "@annotorious/annotorious/annotorious.css";
import { useEffect, useRef } from "react";
import { encloses, type Point, type Size, samePoints, thinned, within } from "./points";

interface Shown {
  size: Size;
  outline: readonly (readonly number[])[] | null;
  change: (outline: Point[] | null) => void;
  names: { canvas: string; corner: string };
}

type Annotator = ImageAnnotator<ImageAnnotation, ImageAnnotation>;

const ID = "outline";

export default function OutlineEditor({ size, outline, change, names }: Shown) {
  const host = useRef<HTMLDivElement>(null);
  const annotator = useRef<Annotator | null>(null);
  const told = useRef<readonly (readonly number[])[] | null>(null);
  const tell = useRef(change);
  tell.current = change;
  const { width, height } = size;

  useEffect(() => {
    if (!host.current) return;
    // Annotorious wants a picture to lie over and looks at its size alone: the one below is another's.
    const picture = document.createElement("canvas");
    Object.assign(picture, { width, height });
    host.current.append(picture);
    const made = createImageAnnotator(picture, {
      drawingEnabled: false,
      autoSave: true,
      theme: "light",
    });
    annotator.current = made;
    const look = () => {
      const drawn = pointsOf(made.getAnnotations(), { width, height });
      if (samePoints(drawn, told.current)) return;
      told.current = drawn;
      tell.current(drawn);
    };
    made.state.store.observe(look);
    // The one outline there is can always be changed: no click beside it lets it go.
    made.on("selectionChanged", (chosen) => {
      if (chosen.length === 0) setTimeout(() => annotator.current === made && choose(made));
    });
    const unnamed = nameCorners(made.element, names);
    return () => {
      unnamed();
      made.state.store.unobserve(look);
      made.destroy();
      picture.remove();
      annotator.current = null;
      told.current = null;
    };
  }, [width, height, names]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new annotator shows the outline too
  useEffect(() => {
    const made = annotator.current;
    if (!made || samePoints(outline, told.current)) return;
    told.current = outline;
    made.setAnnotations(outline && outline.length > 2 ? [annotationOf(outline, size)] : []);
    choose(made);
  }, [outline, width, height, names]);

  return <div ref={host} className="outline-editor" />;
}

function choose(made: Annotator): void {
  const id = made.getAnnotations().at(-1)?.id;
  if (id) made.setSelected(id, true);
}

/** The one polygon there is, in parts of the picture; the newest if there should be more. */
function pointsOf(drawn: ImageAnnotation[], { width, height }: Size): Point[] | null {
  const geometry = drawn.at(-1)?.target.selector.geometry as { points?: number[][] } | undefined;
  const points = geometry?.points?.map(([x = 0, y = 0]) => within([x / width, y / height])) ?? [];
  return encloses(points) ? thinned(points) : null;
}

function annotationOf(
  outline: readonly (readonly number[])[],
  { width, height }: Size,
): ImageAnnotation {
  const points = outline.map(([x = 0, y = 0]) => [x * width, y * height]);
  const xs = points.map(([x = 0]) => x);
  const ys = points.map(([, y = 0]) => y);
  const bounds = {
    minX: Math.min(...xs),
    minY: Math.min(...ys),
    maxX: Math.max(...xs),
    maxY: Math.max(...ys),
  };
  const selector = { type: ShapeType.POLYGON, geometry: { points, bounds } };
  return { id: ID, bodies: [], target: { annotation: ID, selector } };
}

/** Annotorious' handles are buttons without names; by keyboard the cross is the way. */
function nameCorners(element: HTMLElement, names: Shown["names"]): () => void {
  const name = () => {
    element.querySelector("svg.a9s-annotationlayer")?.setAttribute("aria-label", names.canvas);
    for (const corner of element.querySelectorAll('[role="button"]:not([aria-label])')) {
      corner.setAttribute("aria-label", names.corner);
      corner.setAttribute("tabindex", "-1");
    }
  };
  name();
  const watch = new MutationObserver(name);
  watch.observe(element, { childList: true, subtree: true });
  return () => watch.disconnect();
}
