/** One request to the user pool without its library: from the worker, and from a page that may close at once. */
export function askPool(
  endpoint: string,
  action: "InitiateAuth" | "RevokeToken",
  asked: Readonly<Record<string, unknown>>,
  { keepalive = false } = {},
): Promise<Response> {
  return fetch(endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": `AWSCognitoIdentityProviderService.${action}`,
    },
    body: JSON.stringify(asked),
    keepalive,
  });
}
