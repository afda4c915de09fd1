import { asking } from "./words.asking.en";
import { pictures } from "./words.pictures.en";
import type { ru } from "./words.ru";

export const en: typeof ru = {
  title: "My moles",
  back: "To my moles",
  photographs: {
    one: "photograph",
    few: "photographs",
    many: "photographs",
    other: "photographs",
  },
  days: { one: "day", few: "days", many: "days", other: "days" },
  sites: {
    head_neck: "Head or neck",
    legs: "Legs",
    genitals: "Genitals",
    torso: "Torso",
    palms_soles: "Palms or soles",
    arms: "Arms",
  },
  newer: {
    here: "There is a new version of these pages.",
    load: "Update",
  },
  open: {
    title: "First sign-in",
    why: "Enter the code your doctor gave you and choose a password. No name, phone or e-mail is needed.",
    code: "Code from the doctor",
    codeHint: "16 letters and digits. Small or capital letters, it does not matter.",
    codeShort: "The code has 16 letters and digits. Check that all of them are there.",
    submit: "Sign in",
    busy: "Checking the code…",
    already: "Signed in before?",
    signIn: "Sign in with login and password",
    forgotten:
      "Forgot the login or the password? Ask your doctor for a new code and enter it here: your photographs and answers stay.",
    done: "Done. This is your login",
    recovered: "The new password works. This is your login",
    login: "With this login and your password you will sign in:",
    loginWhy: "Your name is not in it. Only you know the password, the doctor does not see it.",
    keepFirst: "Keep the login first: without it, or a code from the doctor, nobody gets in.",
    remember: "Remember on this phone",
    copy: "Copy",
    print: "Print",
    remembered: "Remembered. The sign-in page will have it filled in.",
    copied: "Copied. Paste it into your notes, for example.",
    failed: "The browser does not allow it. Write the login down on paper.",
    go: "To my moles",
  },
  signIn: {
    code: "Here for the first time, or forgot the password? You need a code from your doctor.",
    open: "I have a code",
  },
  stay: {
    choice: "Stay signed in when the page is closed",
    why: "Then the pages open without a network too, and photographs go by themselves once there is one. The password is needed every three months. Choose it if the phone is yours alone and locked with a code or a fingerprint.",
    failed: "The browser does not let it be kept. The password is needed each time.",
  },
  home: {
    photograph: "Photograph",
    answered: "The doctor has answered",
    corrected: "The doctor has corrected the answer",
    read: "Read the answer",
    see: "See",
    open: {
      one: "question with the doctor",
      few: "questions with the doctor",
      many: "questions with the doctor",
      other: "questions with the doctor",
    },
    answerBy: "Expect an answer by {{date}}.",
    first: "Where to begin",
    firstPhotograph:
      "Photograph a mole. You may lay a coin beside it: the coin tells how large it is.",
    firstPlace: "Show on the drawing of the body where it is.",
    firstAgain: "Photograph it again in a month: that shows whether it has changed.",
    firstAsk: "If a mole worries you, ask your doctor. “{{clinic}}” will answer.",
    none: "no photographs",
    last: "last on {{date}}",
  },
  waiting: {
    title: "Waiting to be sent",
    sending: "Sending…",
    noNetwork: "It goes once there is a network. All of it is kept encrypted on this phone.",
    soon: "The photograph is being checked. The question goes right after that, usually within seconds.",
    later: "The server asks to wait. We try again in half a minute.",
    signedOut: "Sign in again, and sending goes on.",
    refused: "This could not be sent. Read why.",
    kinds: { mole: "New mole", photograph: "Photograph", question: "Question to the doctor" },
    cannot: "This cannot be sent. Remove it and make it anew.",
    cancel: "Do not send",
    cancelTitle: "Do not send it?",
    cancelAct: "Remove",
    cancelWhy: {
      mole: "The mole will not be there; its photographs and questions about it do not go either.",
      photograph: "The photograph goes from this phone; a question with it does not go either.",
      question: "The doctor will not get this question.",
    },
  },
  own: {
    title: "My data",
    login: "My login",
    signIn: "Password and second factor",
    kept: "What is kept of you",
    keptBy: "Kept by “{{clinic}}” since {{date}}.",
    nameless: "No name, phone or e-mail is here.",
    keeps: {
      photographs: "Photographs of moles, where they are on the body and what you called them.",
      survey: "The survey that the doctor filled in, and what he wrote of your moles.",
      questions: "Your questions, the answers to them and the doctor’s opinion.",
      none: "Everything that a phone writes into photographs is removed before: place, time, model.",
    },
    phone:
      "Until they are sent, photographs and questions lie on the phone, and the list of your moles, so that it works without a network. They are encrypted, and deleted when you sign out. Whoever can unlock the phone sees these pages too: do not lend it to strangers.",
    consent: "Your consent",
    research: "You agreed to take part in research on {{date}}.",
    publication:
      "You agreed that photographs may be published for science, without a name and without the doctor’s survey.",
    unpublished:
      "There is no consent to publish photographs: only doctors and researchers see them.",
    takeBack: "Take back the consent to publication",
    takeBackTitle: "Take back the consent to publication?",
    takeBackWhy:
      "New data sets will come out without your photographs. From those already downloaded they cannot be removed. You can give the consent again at your doctor’s.",
    outWhy: "All that the phone keeps for these pages goes from it. The data stay with the clinic.",
  },
  erase: {
    title: "Withdraw and erase everything",
    what: "All photographs, questions and answers are erased. They cannot be brought back.",
    act: "Erase everything",
    does: {
      everything:
        "Photographs, places on the body, surveys, questions and the doctor’s answers are erased within a day, backups within a week.",
      releases:
        "You disappear from future data sets. What others have downloaded cannot be called back.",
      account: "Your account is closed, and you are signed out at once.",
      doctor:
        "The doctor no longer sees your photographs. If you wait for an answer, it will not come.",
    },
    sure: "I understand that this cannot be undone",
  },
  goodbye: {
    title: "Everything is being erased",
    what: "Your consent is withdrawn and the account closed. Photographs and answers will be gone within a day.",
    health:
      "If a mole changes, grows or bleeds, show it to a doctor. This decision has no effect on your treatment.",
    close: "You can close this page.",
  },
  out: {
    title: "Sign out?",
    waits: "Not everything has been sent. If you sign out now, it is lost from the phone.",
    gone: "Everything has been sent. You can sign out now.",
    send: "Send now",
    anyway: "Sign out and delete what was not sent",
  },
  ...pictures,
  ...asking,
};
