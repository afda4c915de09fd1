/** The viewer's buttons, and what its tools say. */
import type { ReactNode, RefObject } from "react";
import { useTranslation } from "react-i18next";
import { language } from "../language";
import { counted } from "../language/format";
import type { Moves } from "./stage";
import type { Tools } from "./use-tools";
import type { Tool } from "./viewer";

interface Shown {
  moves: RefObject<Moves | null>;
  tools: Tools;
  tool: Tool;
  hasOutline: boolean;
  hasSaliency: boolean;
}

export function Controls({ moves, tools, tool, hasOutline, hasSaliency }: Shown) {
  const { t } = useTranslation("viewer");
  return (
    <div className="viewer-buttons">
      {tool === "outline" && tools.closable && (
        <button type="button" onClick={() => tools.close()}>
          {t("drawing.close")}
        </button>
      )}
      {tool === "outline" && (hasOutline || tools.draft.length > 0) && (
        <button type="button" onClick={tools.clear}>
          {t("drawing.clear")}
        </button>
      )}
      {hasOutline && tool !== "outline" && (
        <button type="button" aria-pressed={tools.outlined} onClick={tools.toggleOutline}>
          {t("outline")}
        </button>
      )}
      {hasSaliency && (
        <button type="button" aria-pressed={tools.lit} onClick={tools.toggleSaliency}>
          {t("saliency")}
        </button>
      )}
      <Move name={t("zoomIn")} act={() => moves.current?.zoomIn()}>
        <path d="M12 5v14M5 12h14" />
      </Move>
      <Move name={t("zoomOut")} act={() => moves.current?.zoomOut()}>
        <path d="M5 12h14" />
      </Move>
      <Move name={t("whole")} act={() => moves.current?.whole()}>
        <path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />
      </Move>
    </div>
  );
}

interface Telling {
  tools: Tools;
  tool: Tool;
  spacingMm?: number | null;
}

/** What the tool in hand is for, or has found. */
export function Said({ tools, tool, spacingMm }: Telling) {
  const { t } = useTranslation("viewer");
  return (
    <div className="viewer-said" role="status">
      {tool === "ruler" && <Reading tools={tools} spacingMm={spacingMm} />}
      {tool === "outline" && <Drawing tools={tools} />}
      {tools.lit && <p>{t("saliencyMeans")}</p>}
    </div>
  );
}

function Move({ name, act, children }: { name: string; act: () => void; children: ReactNode }) {
  return (
    <button type="button" className="viewer-move" aria-label={name} title={name} onClick={act}>
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" className="icon">
        {children}
      </svg>
    </button>
  );
}

function Reading({ tools: { found }, spacingMm }: { tools: Tools; spacingMm?: number | null }) {
  const { t } = useTranslation("viewer");
  if (!found) return <p>{t("ruler.how")}</p>;
  return (
    <p>
      <strong>
        {found.millimetres === null
          ? t("ruler.pixels", { amount: written(found.pixels, 0) })
          : t("ruler.millimetres", { amount: written(found.millimetres, 1) })}
      </strong>
      {" · "}
      {found.millimetres === null
        ? t("ruler.noScale")
        : t("ruler.scale", { spacing: written(spacingMm ?? 0, 4) })}
    </p>
  );
}

function Drawing({ tools: { draft, hasOutline } }: { tools: Tools }) {
  const { t } = useTranslation("viewer");
  if (hasOutline) {
    return (
      <p>
        <strong>{t("drawing.drawn")}.</strong> {t("drawing.edit")}
      </p>
    );
  }
  return (
    <p>
      {draft.length > 0
        ? counted(draft.length, t("drawing.points", { returnObjects: true }))
        : t("drawing.how")}
    </p>
  );
}

function written(amount: number, places: number): string {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: places }).format(amount);
}
