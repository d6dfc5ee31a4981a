"""What the site itself says, in the course's languages."""

from dataclasses import dataclass

from coursekit.sentences import sentences


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


def words(language: str) -> Words:
    """The site's words in a language."""
    _ = sentences(language).gettext
    return Words(
        home=_("Home"),
        lessons=_("Lessons"),
        reference=_("To look things up"),
        languages=_("Language"),
        minutes=_("{}\u00a0min"),
        goals=_("What you will be able to do"),
        first=_("Begin with lesson {}"),
        colab=_("Open in Colab"),
        download=_("Download the notebook"),
        mark=_("Mark as done"),
        done=_("Done"),
        count=_("{} of {} lessons done; this browser remembers."),
        results=_(
            "The plots, tables and videos on this page come from the course's own solution; yours will differ in "
            "detail. To write and run code, open the lesson in Colab or download its notebook."
        ),
        figure=_("Figure: {}"),
        show=_("Show {}"),
        hide=_("Hide {}"),
        check=_("the check"),
        setup=_("the set-up"),
        search=_("Search"),
        contents=_("On this page"),
        menu=_("Show or hide the menu"),
        outline=_("Show or hide the page's outline"),
        glossary=_("Glossary"),
        glossary_intro=_("The terms of the course in each of its languages."),
        labkit=_("labkit, the helper package"),
        labkit_intro=_("What lessons import. It is short and meant to be read: each entry leads to its source."),
        environments=_("The course's environments"),
    )


def theme_words(language: str) -> dict[str, str]:
    """What Sphinx and its theme may leave in English, each with the words that we have for it."""
    _ = sentences(language).gettext
    return {
        "Announcement": _("Announcement"),
        "Back to top": _("Back to top"),
        "Breadcrumb": _("Breadcrumb"),
        "Color mode": _("Color mode"),
        "Dark": _("Dark"),
        "Light": _("Light"),
        "System Settings": _("System Settings"),
        "On this page": _("On this page"),
        "Search": _("Search"),
        "Section Navigation": _("Section Navigation"),
        "Site navigation": _("Site navigation"),
        "Link to this heading": _("Link to this heading"),
        "Link to this definition": _("Link to this definition"),
        "Version warning": _("Version warning"),
        "Skip to main content": _("Skip to main content"),
        "Error": _("Error"),
        "Please activate JavaScript to enable the search functionality.": _(
            "Please activate JavaScript to enable the search functionality."
        ),
        "next": _("next"),
        "next page": _("next page"),
        "previous": _("previous"),
        "previous page": _("previous page"),
    }
