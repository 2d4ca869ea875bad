"""What readers ask for. Each list is a class of a few lines: its stories, its filter, its address."""

from urllib.parse import urlencode

from django.core.paginator import EmptyPage
from django.db.models import Count, Q
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.views.generic import DetailView, ListView

from .filters import RegionPageFilter, StoryFilter, TagPageFilter
from .listing import Pager, page_of
from .models import Region, Status, Story, Tag


class StoryList(ListView):
    """Stories newest first, ten a page. Every page of it has one address; any other spelling is sent there."""

    filterset_class = StoryFilter
    context_object_name = "stories"

    def get(self, request, *args, **kwargs):
        self.term = self.get_term()
        stories = self.get_queryset().newest_first()
        self.filter = self.filterset_class(request.GET, queryset=stories)
        if not self.filter.is_valid():
            return self.render_page(stories.none(), status=404)
        number = request.GET.get("page") or "1"
        if not self.is_at(self.address_of(number)):
            return HttpResponsePermanentRedirect(self.address_of(number))
        return self.render_page(self.filter.qs, number)

    def get_term(self):
        """The tag or region that the list is about; nothing for the front page. Raises Http404."""
        return None

    def get_queryset(self):
        return Story.objects.published().whole()

    def get_path(self):
        return self.term.get_absolute_url()

    def render_page(self, stories, number="1", status=200):
        try:
            page = page_of(stories, number)
        except EmptyPage as error:
            raise Http404(str(error)) from error
        self.object_list = page.object_list
        context = self.get_context_data(
            term=self.term,
            filter=self.filter,
            pager=Pager(page, self.address_of),
            canonical=self.address_of(number),
            # Two terms make a page worth finding; the combinations beyond are endless.
            noindex=self.filter.has_dates() or not page.object_list,
        )
        return self.render_to_response(context, status=status)

    def address_of(self, number) -> str:
        """The address of that page of this list, as it is filtered now."""
        terms = self.filter.terms() if self.filter.is_valid() else {}
        if str(number) != "1":
            terms["page"] = number
        return f"{self.get_path()}?{urlencode(terms)}" if terms else self.get_path()

    def is_at(self, address: str) -> bool:
        """Whether the request came to this address, apart from parameters that mean nothing here."""
        path, _, query = address.partition("?")
        meant = [*self.filter.filters, "page"]
        given = urlencode([(name, value) for name, value in self.request.GET.items() if name in meant])
        return escape_uri_path(self.request.path) == path and sorted(given.split("&")) == sorted(query.split("&"))


class FrontPage(StoryList):
    template_name = "stories/front_page.html"

    def get_path(self):
        return reverse("stories:front")


class TagPage(StoryList):
    template_name = "stories/tag_page.html"
    filterset_class = TagPageFilter

    def get_term(self):
        return term_or_404(Tag, self.kwargs["slug"])

    def get_queryset(self):
        return super().get_queryset().filter(story_tags__tag=self.term)


class RegionPage(StoryList):
    template_name = "stories/region_page.html"
    filterset_class = RegionPageFilter

    def get_term(self):
        return term_or_404(Region, self.kwargs["slug"])

    def get_queryset(self):
        return super().get_queryset().filter(region=self.term)


def term_or_404(model, slug):
    try:
        return model.objects.at_address(slug)
    except model.DoesNotExist as error:
        raise Http404(f"no {model._meta.verbose_name} at {slug!r}") from error


class TagIndex(ListView):
    """Every tag that readers can find a story under, A to Z, with how many. One query."""

    template_name = "stories/tag_index.html"

    def get_queryset(self):
        live = Q(story_tags__content_object__in=Story.objects.published())
        return Tag.objects.annotate(stories=Count("story_tags", filter=live)).filter(stories__gt=0).order_by("normal")

    def get_context_data(self, **kwargs):
        letters = {}
        for tag in self.object_list:
            initial = tag.normal[0].upper()
            letters.setdefault(initial if initial.isalpha() else "#", []).append(tag)
        return super().get_context_data(letters=letters, **kwargs)


class StoryPage(DetailView):
    """A story that readers may see; 410 for one they could see once, 404 for one they never could."""

    template_name = "stories/story_page.html"
    context_object_name = "story"
    queryset = Story.objects.whole()

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        if self.object.is_live:
            if escape_uri_path(request.path) != self.object.get_absolute_url():
                return HttpResponsePermanentRedirect(self.object.get_absolute_url())
            return self.render_to_response(self.get_context_data())
        if self.object.status == Status.WITHDRAWN and self.object.was_live:
            return render(request, "410.html", status=410)
        raise Http404("no such story")

    def get_object(self, queryset=None):
        slug = self.kwargs["slug"]
        found = self.get_queryset().filter(slug__in={slug, slug.lower()})
        story = max(found, key=lambda story: story.slug == slug, default=None)
        if story is None:
            raise Http404("no such story")
        return story
