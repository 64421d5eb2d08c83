using System.Text;
using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Tests;

/// <summary>Files that are made to hurt, and oddities that editors leave behind.</summary>
public sealed class HostileFileTests
{
    private const string Site = "services:\n  - {type: web, name: site, runtime: static, staticPublishPath: dist}\n";

    [Fact]
    public void More_than_10_MB_is_refused()
    {
        var comment = new string('#', 10 * 1024 * 1024);

        Assert.Equal(Codes.TooLarge, OnlyError(Site + comment).Code);
        Assert.Equal(Codes.TooLarge, OnlyError(Site + "# " + new string('ü', 6 * 1024 * 1024)).Code);
    }

    [Fact]
    public void Almost_10_MB_is_read()
    {
        var command = new string('x', 1000);
        var text = new StringBuilder("services:\n");
        for (var i = 0; text.Length < 10_400_000; i++)
            text.Append($"  - {{type: worker, name: w{i}, runtime: node, startCommand: {command}}}\n");

        var result = BlueprintParser.Parse(text.ToString());

        Assert.Empty(result.Diagnostics);
        Assert.True(result.File!.AllServices().Count() > 9_000);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Deep_flow_nesting_is_refused(char bracket) =>
        Assert.Equal(Codes.TooLarge, OnlyError("services: " + Nested(bracket, 1_000_000)).Code);

    [Fact]
    public void Deep_block_nesting_is_refused() =>
        Assert.Equal(Codes.TooLarge, OnlyError(string.Concat(Enumerable.Repeat("- ", 100_000))).Code);

    [Fact]
    public void Aliases_that_multiply_are_refused()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 30; i++)
            text.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");

        Assert.Equal(Codes.TooLarge, OnlyError(text.ToString()).Code);
    }

    [Fact]
    public void Merge_keys_that_multiply_are_refused()
    {
        var text = new StringBuilder("m0: &m0 {").AppendJoin(", ", Enumerable.Range(0, 1000).Select(i => $"k{i}: {i}")).Append("}\n");
        text.Append("all:\n");
        for (var i = 0; i < 1000; i++)
            text.Append("  - <<: *m0\n");

        Assert.Equal(Codes.TooLarge, OnlyError(text.ToString()).Code);
    }

    [Fact]
    public void A_problem_on_every_line_is_cut_off_and_counted()
    {
        var text = "services:\n" + string.Concat(Enumerable.Range(0, 5_000).Select(i =>
            $"  - {{type: web, name: n{i}, runtime: docker, envVars: [{{key: A, fromService: {{type: web, name: m{i}, property: host}}}}]}}\n"));

        var result = BlueprintParser.Parse(text);

        Assert.Equal(501, result.Diagnostics.Count);
        Assert.Equal("4500 more problems not shown", result.Diagnostics[^1].Message);
    }

    [Fact]
    public void A_long_chain_of_references_is_followed()
    {
        var text = new StringBuilder("services:\n");
        for (var i = 0; i < 5_000; i++)
            text.Append($"  - {{type: web, name: n{i}, runtime: docker, envVars: [{{key: A, fromService: {{type: web, name: n{(i + 1) % 5_000}, envVarKey: A}}}}]}}\n");

        var only = OnlyError(text.ToString());

        Assert.Equal(Codes.ReferenceCycle, only.Code);
        Assert.Contains("n0.A → n1.A → n2.A", only.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(0x7F)]
    [InlineData(0xD800)]
    [InlineData(0xFFFE)]
    public void Characters_that_YAML_forbids_are_refused_where_they_stand(int character)
    {
        var problem = OnlyError(Site + "# a" + (char)character + "\n");

        Assert.Equal((Codes.Syntax, 3, 4), (problem.Code, problem.Line, problem.Column));
    }

    [Theory]
    [InlineData("\uFEFF" + Site)]
    [InlineData("---\n" + Site + "...\n")]
    [InlineData("# é 😀\n" + Site)]
    public void Marks_and_comments_are_no_problem(string text) => Assert.Empty(BlueprintParser.Parse(text).Diagnostics);

    [Fact]
    public void Windows_line_ends_mean_the_same()
    {
        var windows = BlueprintParser.Parse(Site.Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.Empty(windows.Diagnostics);
        Assert.Equal(BlueprintParser.Parse(Site).File, windows.File);
    }

    private static string Nested(char bracket, int depth) =>
        bracket == '[' ? new string('[', depth) : string.Concat(Enumerable.Repeat("{a: ", depth));

    private static Diagnostic OnlyError(string text)
    {
        var result = BlueprintParser.Parse(text);
        return Assert.Single(result.Diagnostics);
    }
}
