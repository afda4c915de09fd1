import type { asking as ru } from "./words.asking.ru";

export const asking: typeof ru = {
  ask: {
    photographs: "Which photographs to show?",
    photographsShort: "Photographs",
    photographsWhy: "The latest are chosen already. Six at most.",
    noPhotographs: "Photograph the mole first: without one the doctor has nothing to answer by.",
    cannot:
      "You cannot ask now: wait for the answers to earlier questions. If the mole worries you, make an appointment.",
    step: "Question {{step}} of {{of}}",
    before: "Back",
    next: "Next",
    nothing: "Nothing to add, go on",
    said: { yes: "Yes", no: "No", unknown: "I do not know" },
    signs: {
      growth: {
        title: "Does it grow or change its shape?",
        why: "In the last months, compared with what it was.",
        short: "Grows or changes its shape",
      },
      colour: {
        title: "Does its colour change?",
        why: "It became darker or lighter, or has patches of another colour.",
        short: "Colour changes",
      },
      bleeding: {
        title: "Does it bleed?",
        why: "Or does a crust form on it, even if it was scratched.",
        short: "Bleeds or has a crust",
      },
      itching: {
        title: "Does it itch?",
        why: "More often than the skin around it.",
        short: "Itches",
      },
      pain: {
        title: "Does it hurt?",
        why: "By itself, or when touched.",
        short: "Hurts",
      },
      new: {
        title: "Is it new?",
        why: "It appeared within the last year; before there was none in this place.",
        short: "Is new",
      },
      unlike_others: {
        title: "Does it look unlike your others?",
        why: "It stands out among them by colour, size or shape.",
        short: "Unlike the others",
      },
    },
    words: "In your own words",
    wordsShort: "Your words",
    wordsWhy:
      "What worries you, and since when? You need not write anything. Write no names or telephone numbers.",
    noWords: "none",
    review: "Check and send",
    change: "Change",
    within: "The doctor answers within {{days}}.",
    doNotWait:
      "If the mole bleeds and does not stop, grows quickly, or you feel ill, do not wait for an answer: see a doctor today.",
    send: "Send to the doctor",
    sending: "Sending…",
    kept: "The question is kept",
    keptWhy: "There is no network. The question is kept on the phone and goes once there is one.",
  },
  opinion: {
    title: "First opinion by your answers",
    before: "First opinion, before the doctor answered",
    see_doctor_soon: {
      what: "Show it to a doctor within days.",
      next: "Make an appointment yourself, without waiting for the answer here.",
    },
    show_at_next_visit: {
      what: "Show it to a doctor at your next visit.",
      next: "If anything changes, come earlier.",
    },
    cannot_tell: {
      what: "These answers do not tell.",
      next: "Wait for the doctor’s answer.",
    },
    reasons: "Why",
    means:
      "It was made by rules from your answers and measurements. Nobody has looked at the photograph for it: the doctor will.",
  },
  advice: {
    title: "The doctor’s answer",
    urgency: {
      urgent: "See a doctor urgently, within days.",
      soon: "See a doctor within two or three weeks.",
      next_visit: "Show it at your next planned visit.",
      watch: "Watch it, and photograph it again after some time.",
    },
    at: "Answered {{moment}}",
    corrected: "The doctor corrected the answer on {{moment}}. What is written below holds now.",
    changes: "If the mole changes, do not wait until then: show it earlier.",
    how: "What to do now",
    urgentHow: {
      clinic: "Call your clinic and say that the doctor asks you to come urgently.",
      nobody:
        "If nobody answers or the appointment is far off, go to any dermatologist or oncologist and show this page.",
      today: "If the mole bleeds and does not stop, press a clean cloth on it and get help today.",
    },
  },
  question: {
    title: "Your question",
    answered: "The doctor has answered",
    all: "All questions",
    sent: "The doctor has your question",
    by: "Expect an answer by {{date}}.",
    late: "The answer is late",
    lateWhat:
      "The doctor should have answered by now, and the clinic has been reminded. Do not wait: call there or make an appointment.",
    told: "What you answered on {{date}}",
  },
  questions: {
    title: "My questions",
    empty: "You have not asked anything yet",
    emptyWhy: "Open a mole and press “Ask the doctor”.",
    answered: "The doctor has answered, you have read it",
    unread: "The doctor has answered, please read it",
    corrected: "The doctor has corrected the answer, please read it",
    open: "Expect an answer by {{date}}",
    asked: "Asked on {{date}}",
  },
};
