/** The API as its own document describes it, where requests can be tried with one's own session. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { OPENAPI_URL } from "../api/http";
import { Page } from "../app/page";
import { language } from "../language";
import { freshAccessToken, useSession } from "../session/session";
import { Skeleton } from "../ui/skeleton";
import "swagger-ui-dist/swagger-ui.css";
import "../styles/reference.css";

export function ReferencePage() {
  const { t } = useTranslation();
  const { signedIn } = useSession();
  const place = useRef<HTMLDivElement>(null);
  const [ready, setReady] = useState(false);

  useEffect(() => {
    let left = false;
    void import("swagger-ui-dist/swagger-ui-es-bundle.js").then(({ default: show }) => {
      if (left || !place.current) return;
      show({
        domNode: place.current,
        url: OPENAPI_URL,
        docExpansion: "list",
        defaultModelsExpandDepth: 0,
        syntaxHighlight: { activated: false },
        validatorUrl: null,
        requestInterceptor: withSession,
      });
      setReady(true);
    });
    return () => {
      left = true;
    };
  }, []);

  // Swagger UI leaves the field for a request's body without a name, and examples that scroll
  // out of the keyboard's reach.
  useEffect(() => {
    if (!place.current) return;
    const named = place.current;
    const observer = new MutationObserver(() => {
      for (const field of named.querySelectorAll("textarea:not([aria-label])")) {
        field.setAttribute("aria-label", "Request body");
      }
      for (const example of named.querySelectorAll(".highlight-code > pre:not([tabindex])")) {
        example.setAttribute("tabindex", "0");
      }
    });
    observer.observe(named, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
    follow();
    dark.addEventListener("change", follow);
    return () => {
      dark.removeEventListener("change", follow);
      document.documentElement.classList.remove("dark-mode");
    };
  }, []);

  return (
    <Page title={t("reference")}>
      <p className="hint measure">{t(signedIn ? "referenceSigned" : "referenceUnsigned")}</p>
      {!ready && <Skeleton rows={8} />}
      <div ref={place} lang="en" />
    </Page>
  );
}

/** What is tried out is asked as whoever is signed in, unless another token was entered. */
async function withSession<R extends { url: string; headers: Record<string, string> }>(
  request: R,
): Promise<R> {
  if (new URL(request.url, location.href).origin !== location.origin) return request;
  request.headers["Accept-Language"] ??= language();
  const token = request.headers.Authorization ? null : await freshAccessToken();
  if (token) request.headers.Authorization = `Bearer ${token}`;
  return request;
}
