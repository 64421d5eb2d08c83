using System.Text.RegularExpressions;
using Portico.Testing;

namespace Portico.Core.Tests.Repository;

/// <summary>Every row of <c>docs/render-behavior.md</c> can be checked: it names a test, a reason, or what it waits for.</summary>
public sealed partial class BehaviorPageTests
{
    private const int FewestRows = 200;

    private static readonly string Page = File.ReadAllText(SourceTree.PathOf("docs", "render-behavior.md"));

    private static readonly (string Statement, string State, string Detail)[] Rows =
        [.. Row().Matches(Page).Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value)).Where(row => row.Item2 != "here")];

    [Fact]
    public void Every_line_of_its_tables_is_a_row_with_a_known_state()
    {
        var lines = Page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.Contains("| here |", StringComparison.Ordinal));

        Assert.Equal(lines.Count(), Rows.Length);
        Assert.InRange(Rows.Length, FewestRows, int.MaxValue);
        Assert.All(Rows, row => Assert.Contains(row.State, (string[])["same", "different", "not yet"]));
    }

    [Fact]
    public void What_is_the_same_names_tests_that_exist()
    {
        var tests = TestNames();

        Assert.DoesNotContain(Rows, row => row.State == "same" && !TestName().IsMatch(row.Detail));
        Assert.DoesNotContain(Rows.SelectMany(row => TestName().Matches(row.Detail)), test => !tests.Contains(test.Groups[1].Value));
        Assert.All(BlueprintCase().Matches(Page), use => Assert.True(
            File.Exists(SourceTree.PathOf("tests", "Portico.Blueprint.Tests", "cases", use.Groups[1].Value, "render.yaml")), $"'{use.Value}' names no case."));
    }

    [Fact]
    public void What_is_not_yet_there_waits_for_something_that_the_page_lists()
    {
        var listed = Feature().Matches(Page[..Page.IndexOf("## ", StringComparison.Ordinal)]).Select(match => match.Value).ToHashSet();

        Assert.All(Rows.Where(row => row.State == "not yet"), row => Assert.Contains(Feature().Match(row.Detail).Value, listed));
    }

    [Fact]
    public void What_is_different_has_a_reason() =>
        Assert.DoesNotContain(Rows, row => row.State == "different" && TestName().Replace(row.Detail, "").Trim(' ', '.', ':').Length == 0);

    /// <summary>The methods of test classes with their class, from the source: the tests are of many projects.</summary>
    private static HashSet<string> TestNames()
    {
        var names = new HashSet<string>();
        foreach (var file in Directory.EnumerateFiles(SourceTree.PathOf("tests"), "*Tests*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            foreach (var type in TestClass().Matches(text).Select(match => match.Groups[1].Value))
                names.UnionWith(TestMethod().Matches(text).Select(method => $"{type}.{method.Groups[1].Value}"));
        }
        return names;
    }

    [GeneratedRegex(@"^\| (.+?) \| (here|same|different|not yet|[^|]*) \| (.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex TestName();

    /// <summary>The one test that stands for many files says which of them it means.</summary>
    [GeneratedRegex(@"`CaseTests\.Case`(?: \(`([\w-]+)`\))?")]
    private static partial Regex BlueprintCase();

    [GeneratedRegex(@"(?<!\*)\*[a-z ]+\*(?!\*)")]
    private static partial Regex Feature();

    [GeneratedRegex(@"\bclass (\w+Tests)\b")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"\[(?:Fact|Theory)\b(?:[^\n]*\n)(?:\s*\[[^\n]*\n|\s*//[^\n]*\n)*?\s*public [^\n(]*?(\w+)\(")]
    private static partial Regex TestMethod();
}
