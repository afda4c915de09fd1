declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  interface Request {
    url: string;
    headers: Record<string, string>;
  }

  interface Options {
    domNode: HTMLElement;
    url: string;
    deepLinking?: boolean;
    docExpansion?: "list" | "full" | "none";
    defaultModelsExpandDepth?: number;
    persistAuthorization?: boolean;
    syntaxHighlight?: boolean | { activated: boolean };
    validatorUrl?: null;
    requestInterceptor?: (request: Request) => Request | Promise<Request>;
  }

  export default function SwaggerUIBundle(options: Options): unknown;
}
