using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Portico.Testing;

namespace Portico.Core.Tests.Repository;

public sealed partial class DocumentationTests
{
    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var dead = Documents().SelectMany(document => LocalLinks(document)
            .Where(target => !Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target)))
            .Select(target => $"{Path.GetRelativePath(SourceTree.Root, document)} → {target}"));

        Assert.Empty(dead);
    }

    [Fact]
    public void Links_to_a_section_lead_to_its_heading()
    {
        var dead = Documents().SelectMany(document => SectionLink().Matches(File.ReadAllText(document))
            .Select(link => (File: link.Groups[1].Value, Section: link.Groups[2].Value))
            .Where(link => !link.File.Contains("://", StringComparison.Ordinal))
            .Where(link => !Sections(link.File == "" ? document : Path.Combine(Path.GetDirectoryName(document)!, link.File)).Contains(link.Section))
            .Select(link => $"{Path.GetRelativePath(SourceTree.Root, document)} → {link.File}#{link.Section}"));

        Assert.Empty(dead);
    }

    [Fact]
    public void Paths_in_guides_exist()
    {
        var missing = Guides().SelectMany(guide => RepositoryPath().Matches(File.ReadAllText(guide)).Select(match => match.Groups[1].Value)
            .Where(path => !Path.Exists(SourceTree.PathOf(path)))
            .Select(path => $"{Path.GetRelativePath(SourceTree.Root, guide)}: {path}"));

        Assert.Empty(missing);
    }

    [Fact]
    public void Types_in_the_development_guide_exist()
    {
        var files = new[] { "src", "tests" }.SelectMany(folder => Directory.EnumerateFiles(SourceTree.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetFileName(file).Split('.')[0]).ToHashSet();

        Assert.DoesNotContain(
            TypeName().Matches(File.ReadAllText(SourceTree.PathOf("docs", "development.md"))).Select(match => match.Groups[1].Value),
            name => !files.Contains(name));
    }

    [Fact]
    public void Folders_of_the_control_plane_are_on_the_map()
    {
        var map = File.ReadAllText(SourceTree.PathOf("docs", "development.md")).Split("```")[1];
        var folders = Directory.EnumerateDirectories(SourceTree.PathOf("src", "Portico.ControlPlane")).Select(folder => Path.GetFileName(folder)!)
            .Where(name => name is not ("bin" or "obj"));

        Assert.All(folders, name => Assert.Matches($@"\b{name}\b", map));
    }

    [Theory]
    [InlineData("", "Portico.Api.Contracts", "Platform", "PlatformPaths.cs")]
    [InlineData("engine/", "Engines", "Portico.Engines.Process", "EngineHome.cs")]
    public void Architecture_lists_what_is_in_a_home(string folder, params string[] source)
    {
        var table = File.ReadAllText(SourceTree.PathOf("docs", "architecture.md"));
        var names = PathInHome().Matches(File.ReadAllText(SourceTree.PathOf(["src", .. source]))).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains($"`{folder}{name}", table, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_package_has_its_reason_written_down()
    {
        var reasons = File.ReadAllText(SourceTree.PathOf("docs", "decisions", "0001-dependencies.md"));
        var packages = XDocument.Load(SourceTree.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => package.Attribute("Include")!.Value).Concat(PackagesOfTheDashboard());

        Assert.All(packages, name => Assert.Contains($"`{name}`", reasons, StringComparison.Ordinal));
    }

    private static IEnumerable<string> PackagesOfTheDashboard()
    {
        var file = JsonElement.Parse(File.ReadAllText(SourceTree.PathOf("src", "Portico.Dashboard", "package.json")));
        return new[] { "dependencies", "devDependencies" }.SelectMany(kind => file.GetProperty(kind).EnumerateObject()).Select(package => package.Name);
    }

    [Fact]
    public void Decisions_are_numbered_without_gaps()
    {
        var numbers = Directory.EnumerateFiles(SourceTree.PathOf("docs", "decisions"), "*.md")
            .Select(file => int.Parse(Path.GetFileName(file)[..4])).Order().ToArray();

        Assert.Equal(Enumerable.Range(1, numbers.Length), numbers);
    }

    private static IEnumerable<string> Documents() =>
        new[] { "docs", "examples" }.SelectMany(folder =>
                Directory.EnumerateFiles(SourceTree.PathOf(folder), "*.md", SearchOption.AllDirectories))
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(SourceTree.Root, "*.md"));

    /// <summary>Documents about the present; the change log also names what is gone.</summary>
    private static IEnumerable<string> Guides() => Documents().Where(file => Path.GetFileName(file) != "CHANGELOG.md");

    private static IEnumerable<string> LocalLinks(string document) =>
        Link().Matches(File.ReadAllText(document)).Select(link => link.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal));

    /// <summary>The names that GitHub gives to the headings of a page.</summary>
    private static IEnumerable<string> Sections(string document) => Heading().Matches(File.ReadAllText(document))
        .Select(heading => NotInSection().Replace(heading.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w -]")]
    private static partial Regex NotInSection();

    [GeneratedRegex(@"\]\(([^)#\s]*)#([^)\s]+)\)")]
    private static partial Regex SectionLink();

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    /// <summary>A path of the repository between backticks, or the beginning of a command.</summary>
    [GeneratedRegex(@"`(?:\./)?((?:src|tests|docs|bench|eng|examples|\.ci|\.config|\.github)/[\w./-]*)[ `]")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex("""Path\.Combine\((?:Home|Root), "([\w.-]+)"\)""")]
    private static partial Regex PathInHome();

    [GeneratedRegex(@"`([A-Z][a-z]+(?:[A-Z]\w*)?|I[A-Z]\w+)`")]
    private static partial Regex TypeName();
}
