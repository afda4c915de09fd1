/** What the tools of a viewer hold: the cross, a line being measured, an outline being drawn. */
import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCross } from "./cross";
import { type Measured, measured } from "./measure";
import { encloses, type Point, type Size, simplified, thinned } from "./points";
import { type Ends, withPoint } from "./ruler";
import type { Shown, Tool } from "./viewer";

interface Held extends Shown {
  tool: Tool;
  size: Size | null;
}

export type Tools = ReturnType<typeof useTools>;

export function useTools({ tool, size, spacingMm, outline, onOutline, onMeasured, source }: Held) {
  const { t } = useTranslation("viewer");
  const [outlined, setOutlined] = useState(true);
  const [lit, setLit] = useState(false);
  const [ends, setEnds] = useState<Ends>(null);
  const [draft, setDraft] = useState<readonly Point[]>([]);
  const [found, setFound] = useState<Measured | null>(null);

  const measure = (next: Ends) => {
    setEnds(next);
    const known = next?.length === 2 && size ? measured(next[0], next[1], size, spacingMm) : null;
    setFound(known);
    onMeasured?.(known);
  };
  const cross = useCross((at) => {
    if (tool === "ruler") measure(withPoint(ends, at));
    else setDraft((points) => [...points, at]);
  });
  const names = useMemo(() => ({ canvas: t("drawing.canvas"), corner: t("drawing.corner") }), [t]);
  const { away } = cross;

  const picture = source.split("?", 1)[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tool or picture begins anew
  useEffect(() => {
    setEnds(null);
    setFound(null);
    setDraft([]);
    away();
  }, [tool, picture]);

  return {
    outlined,
    lit,
    ends,
    draft,
    found,
    names,
    cross: tool === "none" ? null : cross.cross,
    hasOutline: Boolean(outline && outline.length > 2),
    toggleOutline: () => setOutlined((on) => !on),
    toggleSaliency: () => setLit((on) => !on),
    measure,
    trace: (points: Point[] | null) => onOutline?.(points),
    draw: setDraft,
    closable: encloses(draft),
    close: (points: readonly Point[] = draft) => {
      const outline = thinned(simplified(points));
      if (!encloses(outline)) return;
      setDraft([]);
      away();
      onOutline?.(outline);
    },
    clear: () => {
      setDraft([]);
      onOutline?.(null);
    },
    /** True when the key belonged to the tool in hand. */
    pressed: (event: KeyboardEvent) => {
      if (tool === "none" || (tool === "outline" && outline)) return false;
      if (event.target !== event.currentTarget && event.key === "Enter") return false;
      if (tool === "outline" && event.key === "Backspace" && draft.length > 0) {
        setDraft(draft.slice(0, -1));
        return true;
      }
      return cross.pressed(event);
    },
  };
}
