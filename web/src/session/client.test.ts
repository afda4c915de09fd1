import { beforeEach, describe, expect, it } from "vitest";
import { clientOf, isPatientsPage } from "./client";
import { forgetKept, heldClient, heldTokens, holdsTokens, move, remain } from "./kept";

const AUTH = {
  issuer: "https://issuer.example/pool",
  endpoint: "https://issuer.example/",
  client_id: "staff",
  patient_client_id: "patients",
};

const keep = (kept: Storage, client: string, login: string) => {
  const prefix = `CognitoIdentityServiceProvider.${client}`;
  kept.setItem(`${prefix}.LastAuthUser`, login);
  for (const token of ["accessToken", "refreshToken", "idToken"]) {
    kept.setItem(`${prefix}.${login}.${token}`, `${token} of ${login}`);
  }
};

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
});

describe("whoever signs in", () => {
  it.each(["/me", "/me/", "/me/photograph", "/me/moles/7/ask", "/open", "/open/goodbye"])(
    "uses the patients' client at %s",
    (path) => expect(clientOf(AUTH, path, null)).toBe("patients"),
  );

  it.each(["/", "/patients", "/questions/me", "/merge", "/mentors", "/opening", "/docs", ""])(
    "uses the staff's client at %j",
    (path) => {
      expect(isPatientsPage(path)).toBe(false);
      expect(clientOf(AUTH, path, null)).toBe("staff");
    },
  );
});

describe("a session that is kept", () => {
  it("goes on by the client it began with, at whatever page", () => {
    expect(clientOf(AUTH, "/me", "staff")).toBe("staff");
    expect(clientOf(AUTH, "/", "patients")).toBe("patients");
  });

  it("of a pool that is no more decides nothing", () => {
    expect(clientOf(AUTH, "/me", "former")).toBe("patients");
    expect(clientOf(AUTH, "/", "former")).toBe("staff");
  });

  it("tells its client and tokens, of a login with dots and dashes too", () => {
    keep(sessionStorage, "patients", "p.2345-6789.abc");
    expect(heldClient()).toBe("patients");
    expect(heldTokens()).toEqual({
      access: "accessToken of p.2345-6789.abc",
      refresh: "refreshToken of p.2345-6789.abc",
      client: "patients",
    });
  });

  it("is looked for where it is kept, and goes along when that changes", () => {
    keep(sessionStorage, "patients", "anna");
    remain(true);
    expect(holdsTokens()).toBe(false);
    remain(false);
    expect(move(true)).toBe(true);
    remain(true);
    expect(heldClient()).toBe("patients");
    expect(sessionStorage.length).toBe(0);
  });

  it("is forgotten in both places, and nothing else with it", () => {
    keep(sessionStorage, "staff", "doctor");
    keep(localStorage, "patients", "anna");
    localStorage.setItem("rodinka.login", "anna");
    forgetKept();
    expect([sessionStorage.length, Object.keys(localStorage)]).toEqual([0, ["rodinka.login"]]);
  });

  it("without its refresh token is none that a worker could renew", () => {
    keep(sessionStorage, "patients", "anna");
    sessionStorage.removeItem("CognitoIdentityServiceProvider.patients.anna.refreshToken");
    expect(holdsTokens()).toBe(true);
    expect(heldTokens()).toBeNull();
  });
});
