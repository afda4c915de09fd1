/** Where OpenSeadragon draws; loaded when the first picture is to be zoomed. */
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { Size } from "./points";
import {
  layOver,
  leavePointerToTool,
  makeSeadragon,
  pan,
  type Seadragon,
  showWhole,
  zoom,
} from "./seadragon";

export interface Moves {
  zoomIn: () => void;
  zoomOut: () => void;
  whole: () => void;
  /** By parts of what is seen. */
  pan: (x: number, y: number) => void;
}

interface Shown {
  link: string;
  /** Each time it grows the link is tried again. */
  attempt: number;
  /** Whether pointers belong to a tool. */
  drawing: boolean;
  moves: Ref<Moves>;
  opened: (size: Size) => void;
  failed: () => void;
  /** What is laid over the picture, in a box of just its size. */
  children: ReactNode;
}

export default function Stage({ link, attempt, drawing, moves, opened, failed, children }: Shown) {
  const host = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<Seadragon | null>(null);
  const [sheet] = useState(makeSheet);
  const tell = useRef({ opened, failed });
  tell.current = { opened, failed };

  useEffect(() => {
    if (!host.current) return;
    const made = makeSeadragon(host.current);
    made.addHandler("open", () => {
      const size = layOver(made, sheet);
      // The plain picture below stays until this one is really there.
      made.addOnceHandler("tile-drawn", () => tell.current.opened(size));
    });
    made.addHandler("open-failed", () => tell.current.failed());
    setViewer(made);
    return () => made.destroy();
  }, [sheet]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt opens the same link again
  useEffect(() => {
    viewer?.open({ type: "image", url: link } as never);
  }, [viewer, link, attempt]);

  useEffect(() => {
    if (viewer) leavePointerToTool(viewer, drawing);
  }, [viewer, drawing]);

  useImperativeHandle(
    moves,
    () => ({
      zoomIn: () => viewer && zoom(viewer, true),
      zoomOut: () => viewer && zoom(viewer, false),
      whole: () => viewer && showWhole(viewer),
      pan: (x, y) => viewer && pan(viewer, x, y),
    }),
    [viewer],
  );

  return (
    <>
      <div ref={host} className="stage" />
      {createPortal(children, sheet)}
    </>
  );
}

function makeSheet(): HTMLDivElement {
  const sheet = document.createElement("div");
  sheet.className = "sheet";
  return sheet;
}
