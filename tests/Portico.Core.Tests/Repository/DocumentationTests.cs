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
    public void Every_package_has_its_reason_written_down()
    {
        var reasons = File.ReadAllText(SourceTree.PathOf("docs", "decisions", "0001-dependencies.md"));
        var packages = XDocument.Load(SourceTree.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => package.Attribute("Include")!.Value);

        Assert.All(packages, name => Assert.Contains($"`{name}`", reasons, StringComparison.Ordinal));
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

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    /// <summary>A path of the repository between backticks, or the beginning of a command.</summary>
    [GeneratedRegex(@"`(?:\./)?((?:src|tests|docs|bench|eng|examples|\.ci|\.config|\.github)/[\w./-]*)[ `]")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"`([A-Z][a-z]+(?:[A-Z]\w*)?|I[A-Z]\w+)`")]
    private static partial Regex TypeName();
}
