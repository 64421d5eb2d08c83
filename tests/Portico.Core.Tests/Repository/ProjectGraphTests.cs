using System.Xml.Linq;
using Portico.Testing;

namespace Portico.Core.Tests.Repository;

/// <summary>Which project may see which. An arrow that is not here is a decision, not a convenience.</summary>
public sealed class ProjectGraphTests
{
    private static readonly SortedDictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Portico.Core"] = [],
        ["Portico.Blueprint"] = [],
        ["Portico.Api.Contracts"] = [],
        ["Portico.Hosting"] = [],
        ["Portico.ControlPlane"] = ["Portico.Api.Contracts", "Portico.Blueprint", "Portico.Core", "Portico.Hosting"],
        ["Portico.Edge"] = ["Portico.Core", "Portico.Hosting"],
        ["Portico.Postgres"] = ["Portico.Core"],
        ["Portico.Engines.Process"] = ["Portico.Core", "Portico.Hosting"],
        ["Portico.Cli"] = ["Portico.Api.Contracts", "Portico.Blueprint", "Portico.Core", "Portico.Hosting"],
        ["Portico.Server"] = ["Portico.ControlPlane", "Portico.Engines.Process", "Portico.Postgres"],
    };

    [Fact]
    public void Source_projects_reference_exactly_what_the_design_allows()
    {
        var actual = ProjectFiles("src").ToDictionary(NameOf, References);

        Assert.Equal(Arrows.Keys, actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(Arrows, arrow => Assert.Equal(arrow.Value, actual[arrow.Key]));
    }

    [Fact]
    public void Core_needs_no_package() => Assert.Empty(Items(SourceTree.PathOf("src", "Portico.Core", "Portico.Core.csproj"), "PackageReference"));

    [Fact]
    public void Every_source_project_has_its_tests()
    {
        // Contracts are exercised by both of their ends; the server is wiring, which the end-to-end tests run.
        string[] withoutOwn = ["Portico.Api.Contracts", "Portico.Server"];
        var tests = ProjectFiles("tests").Select(NameOf).ToHashSet();

        Assert.All(Arrows.Keys.Except(withoutOwn), name => Assert.Contains($"{name}.Tests", tests));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var inSolution = XDocument.Load(SourceTree.PathOf("Portico.slnx")).Descendants("Project")
            .Select(project => SourceTree.PathOf(project.Attribute("Path")!.Value.Split('/')));

        Assert.Equal(ProjectFiles("src").Concat(ProjectFiles("tests")).Order(), inSolution.Order());
    }

    private static IEnumerable<string> ProjectFiles(string folder) =>
        Directory.EnumerateFiles(SourceTree.PathOf(folder), "*.csproj", SearchOption.AllDirectories);

    private static string NameOf(string projectFile) => Path.GetFileNameWithoutExtension(projectFile);

    private static string[] References(string projectFile) =>
        [.. Items(projectFile, "ProjectReference").Select(NameOf).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Items(string projectFile, string kind) =>
        XDocument.Load(projectFile).Descendants(kind).Select(item => item.Attribute("Include")!.Value);
}
