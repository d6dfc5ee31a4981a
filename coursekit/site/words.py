"""What the site itself says, in the course's languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The site's own words in one language; `{}` stands for a number or a name."""

    home: str
    lessons: str
    reference: str
    languages: str
    minutes: str
    goals: str
    first: str
    colab: str
    download: str
    mark: str
    done: str
    count: str
    results: str
    figure: str
    show: str
    hide: str
    check: str
    setup: str
    search: str
    contents: str
    menu: str
    outline: str
    glossary: str
    glossary_intro: str
    labkit: str
    labkit_intro: str
    environments: str


WORDS = {
    "en": Words(
        home="Home",
        lessons="Lessons",
        reference="To look things up",
        languages="Language",
        minutes="{} min",
        goals="What you will be able to do",
        first="Begin with lesson {}",
        colab="Open in Colab",
        download="Download the notebook",
        mark="Mark as done",
        done="Done",
        count="{} of {} lessons done; this browser remembers.",
        results=(
            "The plots, tables and videos on this page come from the course's own solution; yours will differ in "
            "detail. To write and run code, open the lesson in Colab or download its notebook."
        ),
        figure="Figure: {}",
        show="Show {}",
        hide="Hide {}",
        check="the check",
        setup="the set-up",
        search="Search",
        contents="On this page",
        menu="Show or hide the menu",
        outline="Show or hide the page's outline",
        glossary="Glossary",
        glossary_intro="The terms of the course in its three languages.",
        labkit="labkit, the helper package",
        labkit_intro="What lessons import. It is short and meant to be read: each entry leads to its source.",
        environments="The course's environments",
    ),
    "fr": Words(
        home="Accueil",
        lessons="Leçons",
        reference="Pour s'y retrouver",
        languages="Langue",
        minutes="{}\u00a0min",
        goals="Ce que vous saurez faire",
        first="Commencer par la leçon\u00a0{}",
        colab="Ouvrir dans Colab",
        download="Télécharger le notebook",
        mark="Marquer comme terminée",
        done="Terminée",
        count="{} leçons terminées sur {}\u202f; ce navigateur s'en souvient.",
        results=(
            "Les graphiques, tableaux et vidéos de cette page viennent de la solution du cours\u202f; les vôtres en "
            "différeront dans le détail. Pour écrire et exécuter du code, ouvrez la leçon dans Colab ou téléchargez "
            "son notebook."
        ),
        figure="Figure\u00a0: {}",
        show="Montrer {}",
        hide="Cacher {}",
        check="la vérification",
        setup="la préparation",
        search="Rechercher",
        contents="Sur cette page",
        menu="Montrer ou cacher le menu",
        outline="Montrer ou cacher le plan de la page",
        glossary="Glossaire",
        glossary_intro="Les termes du cours dans ses trois langues.",
        labkit="labkit, le paquet du cours",
        labkit_intro=(
            "Ce que les leçons importent. Il est court et fait pour être lu\u00a0: chaque entrée mène à son code, "
            "documenté en anglais."
        ),
        environments="Les environnements du cours",
    ),
    "ro": Words(
        home="Pagina principală",
        lessons="Lecții",
        reference="De consultat",
        languages="Limba",
        minutes="{} min",
        goals="Ce veți putea face",
        first="Începeți cu lecția {}",
        colab="Deschide în Colab",
        download="Descarcă notebook-ul",
        mark="Marchează ca terminată",
        done="Terminată",
        count="Lecții terminate: {} din {}; browserul le ține minte.",
        results=(
            "Graficele, tabelele și videoclipurile din această pagină vin din soluția cursului; ale voastre vor diferi "
            "în detaliu. Ca să scrieți și să rulați cod, deschideți lecția în Colab sau descărcați notebook-ul."
        ),
        figure="Figura: {}",
        show="Arată {}",
        hide="Ascunde {}",
        check="verificarea",
        setup="pregătirea",
        search="Căutare",
        contents="În această pagină",
        menu="Arată sau ascunde meniul",
        outline="Arată sau ascunde cuprinsul paginii",
        glossary="Glosar",
        glossary_intro="Termenii cursului în cele trei limbi ale lui.",
        labkit="labkit, pachetul cursului",
        labkit_intro=(
            "Ce importă lecțiile. Este scurt și făcut pentru a fi citit: fiecare intrare duce la codul ei, documentat "
            "în engleză."
        ),
        environments="Mediile cursului",
    ),
}

# What Sphinx and its theme leave in English, from their own words to ours.
THEME = {
    "fr": {
        "Announcement": "Annonce",
        "Back to top": "Haut de la page",
        "Breadcrumb": "Fil d'Ariane",
        "Color mode": "Mode de couleurs",
        "Dark": "Sombre",
        "Light": "Clair",
        "System Settings": "Réglage du système",
        "On this page": "Sur cette page",
        "Section Navigation": "Navigation",
        "Site navigation": "Navigation du site",
        "Version warning": "Avertissement de version",
        "Skip to main content": "Aller au contenu",
        "next": "suivant",
        "next page": "page suivante",
        "previous": "précédent",
        "previous page": "page précédente",
    },
    "ro": {
        "Announcement": "Anunț",
        "Back to top": "Sus",
        "Breadcrumb": "Unde sunteți",
        "Color mode": "Culori",
        "Dark": "Întunecat",
        "Light": "Luminos",
        "System Settings": "Ca sistemul",
        "On this page": "În această pagină",
        "Search": "Căutare",
        "Section Navigation": "Navigare",
        "Site navigation": "Navigarea în site",
        "Link to this heading": "Legătură la acest titlu",
        "Link to this definition": "Legătură la această definiție",
        "Version warning": "Avertisment despre versiune",
        "Skip to main content": "Salt la conținut",
        "next": "următoarea",
        "next page": "pagina următoare",
        "previous": "precedenta",
        "previous page": "pagina precedentă",
    },
}
