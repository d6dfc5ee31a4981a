"""What the grader says, in the language of who reads it."""

from coursekit.course import MASTER
from coursekit.grading.handed_in.notes import Note

NOTES = {
    "en": {
        "link": "this is a link, which is not followed",
        "large": "this file is too large to be read",
        "unreadable": "this file cannot be read",
        "path": "its name in the zip led out of it, which was ignored",
        "many": "the zip holds more than {limit} files: the others were not read",
        "empty": "this file is empty",
        "no-json": "this file is no notebook: it is not JSON",
        "no-notebook": "this file is no notebook: it has no cells",
        "encoding": "this file is encoded in {encoding}, not in plain UTF-8, and was read all the same",
        "other-file": "this file is no notebook",
        "foreign": "this notebook is of no lesson that is marked",
        "other-lesson": "this notebook is of the lesson {lesson}, which is not marked this time",
        "several": "several notebooks of the lesson {lesson} were handed in: this one counts, {dropped} does not",
        "missing": "the cell of this exercise is not there",
        "found-by-todo": "this is not the cell's own id: the answer was found by its TODO mark",
        "found-by-name": "the answer was found in another cell, by the name that it defines",
        "split": "`{name}` was found in another cell",
        "twice": "this exercise is answered {times} times: the answer in its own cell counts, the last one there",
        "undefined": "the answer does not define {names}",
        "renamed": "`{old}` is called `{new}` here, and was marked under that name",
        "helpers": "these names come from cells of your own: {names}",
    },
    "fr": {
        "link": "ceci est un lien, et les liens ne sont pas suivis",
        "large": "ce fichier est trop gros pour être lu",
        "unreadable": "ce fichier est illisible",
        "path": "son nom dans l’archive menait hors de celle-ci, ce qui a été ignoré",
        "many": "l’archive contient plus de {limit} fichiers : les autres n’ont pas été lus",
        "empty": "ce fichier est vide",
        "no-json": "ce fichier n’est pas un notebook : ce n’est pas du JSON",
        "no-notebook": "ce fichier n’est pas un notebook : il n’a pas de cellules",
        "encoding": "ce fichier est encodé en {encoding} et non en simple UTF-8 ; il a été lu quand même",
        "other-file": "ce fichier n’est pas un notebook",
        "foreign": "ce notebook n’est celui d’aucune leçon notée",
        "other-lesson": "ce notebook est celui de la leçon {lesson}, qui n’est pas notée cette fois",
        "several": "plusieurs notebooks de la leçon {lesson} ont été rendus : celui-ci compte, {dropped} ne compte pas",
        "missing": "la cellule de cet exercice a disparu",
        "found-by-todo": "l’identifiant de la cellule est perdu : la réponse a été retrouvée par sa marque TODO",
        "found-by-name": "la réponse a été trouvée dans une autre cellule, par le nom qu’elle définit",
        "split": "`{name}` a été trouvé dans une autre cellule",
        "twice": "cet exercice a {times} réponses : celle de sa propre cellule compte, la dernière s’il le faut",
        "undefined": "la réponse ne définit pas {names}",
        "renamed": "`{old}` s’appelle ici `{new}`, et a été noté sous ce nom",
        "helpers": "ces noms viennent de vos propres cellules : {names}",
    },
    "ro": {
        "link": "acesta este un link, iar linkurile nu sunt urmate",
        "large": "acest fișier este prea mare pentru a fi citit",
        "unreadable": "acest fișier nu poate fi citit",
        "path": "numele său din arhivă ducea în afara ei, ceea ce a fost ignorat",
        "many": "arhiva conține mai mult de {limit} fișiere: celelalte nu au fost citite",
        "empty": "acest fișier este gol",
        "no-json": "acest fișier nu este un notebook: nu este JSON",
        "no-notebook": "acest fișier nu este un notebook: nu are celule",
        "encoding": "acest fișier este codat în {encoding}, nu în UTF-8 simplu; a fost citit totuși",
        "other-file": "acest fișier nu este un notebook",
        "foreign": "acest notebook nu este al niciunei lecții notate",
        "other-lesson": "acest notebook este al lecției {lesson}, care nu se notează de această dată",
        "several": "au fost predate mai multe notebookuri ale lecției {lesson}: acesta contează, {dropped} nu",
        "missing": "celula acestui exercițiu lipsește",
        "found-by-todo": "identificatorul nu este cel al celulei date: răspunsul a fost găsit după marcajul TODO",
        "found-by-name": "răspunsul a fost găsit în altă celulă, după numele pe care îl definește",
        "split": "`{name}` a fost găsit în altă celulă",
        "twice": "acest exercițiu are {times} răspunsuri: contează cel din celula sa, ultimul dacă sunt mai multe",
        "undefined": "răspunsul nu definește {names}",
        "renamed": "`{old}` se numește aici `{new}` și a fost notat sub acest nume",
        "helpers": "aceste nume vin din propriile celule: {names}",
    },
}

STATES = {
    "en": {
        "right": "Right",
        "partly": "Partly right",
        "wrong": "Not right: some results differ from what they should be.",
        "undone": "Not answered",
        "raised": "Your code stopped with an error:",
        "timeout": "Your code did not finish within {limit} s. Does a loop never end?",
        "died": "Your code ended the Python process.",
        "memory": "Your code needed more memory or processes than it may have.",
        "refused": "Your code gives something else than numbers, arrays or texts. Is a `return` missing?",
        "failed": "This could not be marked yet: your instructor has been told.",
        "question": "Read and marked by your instructor",
    },
    "fr": {
        "right": "Juste",
        "partly": "Juste en partie",
        "wrong": "Pas encore juste : certains résultats ne sont pas ceux attendus.",
        "undone": "Sans réponse",
        "raised": "Votre code s’est arrêté sur une erreur :",
        "timeout": "Votre code n’a pas terminé en {limit} s. Une boucle est-elle sans fin ?",
        "died": "Votre code a mis fin au processus Python.",
        "memory": "Votre code a demandé plus de mémoire ou de processus que permis.",
        "refused": "Votre code donne autre chose que des nombres, tableaux ou textes. Manque-t-il un `return` ?",
        "failed": "Ceci n’a pas encore pu être noté : votre enseignant en est informé.",
        "question": "Lu et noté par votre enseignant",
    },
    "ro": {
        "right": "Corect",
        "partly": "Parțial corect",
        "wrong": "Încă nu este corect: unele rezultate diferă de cele așteptate.",
        "undone": "Fără răspuns",
        "raised": "Codul s-a oprit cu o eroare:",
        "timeout": "Codul nu s-a terminat în {limit} s. Există o buclă fără sfârșit?",
        "died": "Codul a oprit procesul Python.",
        "memory": "Codul a cerut mai multă memorie sau mai multe procese decât îi sunt permise.",
        "refused": "Codul dă altceva decât numere, tablouri sau texte. Lipsește un `return`?",
        "failed": "Acest răspuns nu a putut fi notat încă: profesorul a fost anunțat.",
        "question": "Citit și notat de profesor",
    },
}

PAGE = {
    "en": {
        "feedback": "Feedback",
        "points": "{got} of {most} points",
        "hint": "Hint: ",
        "answer": "The answer that was marked",
        "notes": "About what you handed in",
        "nothing": "Nothing that you handed in could be marked.",
        "rest": "The questions in words are worth {most} more points.",
    },
    "fr": {
        "feedback": "Retour",
        "points": "{got} sur {most} points",
        "hint": "Indice : ",
        "answer": "La réponse qui a été notée",
        "notes": "À propos de ce que vous avez rendu",
        "nothing": "Rien de ce que vous avez rendu n’a pu être noté.",
        "rest": "Les questions à rédiger valent {most} points de plus.",
    },
    "ro": {
        "feedback": "Comentarii",
        "points": "{got} din {most} puncte",
        "hint": "Indiciu: ",
        "answer": "Răspunsul care a fost notat",
        "notes": "Despre ce ați predat",
        "nothing": "Nimic din ce ați predat nu a putut fi notat.",
        "rest": "Întrebările cu răspuns în cuvinte mai aduc {most} puncte.",
    },
}

# The instructor's report, in English only.
STOPPED = {
    "timeout": "ran out of time",
    "died": "ended its kernel",
    "memory": "wanted too much memory or too many processes",
    "refused": "sent back no plain data, or too much of it",
    "failed": "**could not be marked: run the same command again**",
}

REPORT = {
    "report": "Marking report",
    "students": "{count} students.",
    "lesson": "Lesson {number}",
    "notebooks": "{count} notebooks.",
    "columns": "| exercise | points | right | partly | not right | not answered | mean share |",
    "mean": "Mean: {got} of {most} points.",
    "stopped": "Answers that stopped",
    "twice": "Answered more than once",
    "alike": "Nearly identical answers",
    "pair": "{one} and {other}, lesson {number}",
    "answers": "Other oddities in answers",
    "files": "Oddities in files",
    "none": "None.",
}


def said(note: Note, language: str = MASTER) -> str:
    """A note as a sentence's part, without its full stop."""
    return NOTES[language][note.kind].format(**dict(note.fields))


def number(value: float) -> str:
    """A number of points, without decimals that say nothing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def local(value: float, language: str) -> str:
    """A number of points as the language writes it."""
    return number(value) if language == MASTER else number(value).replace(".", ",")
