using System.Text;
using CsCheck;
using Portico.Core.Detection;
using Portico.Core.Detection.Files;

namespace Portico.Core.Tests.Detection;

/// <summary>The author of a project is not trusted: whatever the files contain, detection ends soon and proposes nothing that breaks out of a command.</summary>
public sealed class HostileProjectTests
{
    private const string Next = """{"dependencies":{"next":"15"}}""";
    private static readonly string[] Manifests =
    [
        "package.json", "requirements.txt", "pyproject.toml", "Pipfile", "manage.py", "Gemfile", "config.ru", "mix.exs", "go.mod", "main.go", "Cargo.toml",
        "src/main.rs", "a.csproj", "angular.json", "next.config.js", "pnpm-workspace.yaml", "index.html", "app.py", "a/package.json", "vite.config.ts",
    ];

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("""{"dependencies":[],"scripts":"x","workspaces":{"packages":{}},"name":{},"main":7,"packageManager":[]}""")]
    [InlineData("""{"name":"\ud800","dependencies":{"\ud800":"1"}}""")]
    public void A_manifest_that_is_not_what_it_should_be_counts_as_absent(string text) => Assert.Empty(Project.Detect(("package.json", text)).Services);

    [Fact]
    public void A_deeply_nested_manifest_counts_as_absent() =>
        Assert.Empty(Project.Detect(("package.json", new StringBuilder().Insert(0, "{\"a\":", 100_000).Append('1').Append('}', 100_000).ToString())).Services);

    [Fact]
    public void A_text_beyond_the_limit_is_not_read() =>
        Assert.Empty(Project.Detect(("package.json", Next + new string(' ', ProjectTree.LongestText))).Services);

    [Fact]
    public void All_texts_together_have_a_limit()
    {
        var read = 0;
        var paths = Enumerable.Range(0, 500).Select(number => $"d{number}/package.json");
        ProjectDetector.Detect(new ProjectTree(paths, _ => new string(' ', (read += 100_000) > 0 ? 100_000 : 0)), "shop");
        Assert.InRange(read, 1, ProjectTree.LongestTexts + 100_000);
    }

    [Fact]
    public void Of_endless_paths_only_the_first_are_looked_at()
    {
        static IEnumerable<string> Endless()
        {
            for (var number = 0; ; number++)
                yield return $"d{number}/package.json";
        }

        var found = ProjectDetector.Detect(new ProjectTree(Endless(), _ => Next), "shop");
        Assert.True(found.IsCut);
        Assert.InRange(found.Services.Count, 1, 20);
    }

    [Fact]
    public void A_deep_tree_is_searched_to_a_depth()
    {
        var deep = string.Concat(Enumerable.Repeat("d/", 100));
        Assert.Empty(Project.Detect((deep + "package.json", Next)).Services);
    }

    [Theory]
    [InlineData("/etc/package.json")]
    [InlineData("../package.json")]
    [InlineData("a/../package.json")]
    [InlineData("a;rm -rf b/package.json")]
    [InlineData("a\nb/package.json")]
    [InlineData("-rf/package.json")]
    [InlineData("$(x)/package.json")]
    public void A_path_that_could_be_more_than_a_path_is_not_used(string path) => Assert.Empty(Project.Detect((path, Next)).Services);

    [Theory]
    [InlineData("package.json", """{"main":"$(id).js","dependencies":{"express":"5"}}""")]
    [InlineData("Cargo.toml", "[package]\nname = \"a; id\"\n[dependencies]\naxum = \"1\"\n")]
    [InlineData("angular.json", """{"projects":{"a; id":{}}}""")]
    public void A_name_that_could_be_more_than_a_name_does_not_reach_a_command(string file, string text) =>
        Assert.Empty(Project.Detect((file, text), ("$(id).js", ""), ("src/main.rs", "")).Services);

    [Fact]
    public void Any_content_of_any_manifest_is_survived() =>
        Gen.Select(OneOf(Manifests).Array[1, 6], Gen.OneOf(Gen.String, Fragments()).Array[6]).Sample((names, texts) =>
        {
            var files = names.Distinct().Select((name, index) => (name, texts[index])).ToArray();
            foreach (var service in Project.Detect(files).Services)
                Assert.All(Values(service), value => Assert.DoesNotContain(value, char.IsControl));
        }, iter: 2000);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static Gen<string> Fragments() => OneOf(
        "{", "}", "[", "]", "\"", "'", "\n", "=", "\"dependencies\":{\"next\":\"1\"}", "{\"scripts\":{\"start\":\"node a\\nb\"}}", "django\n", "flask\n", "[project]\n",
        "[tool.poetry]\n", "app = Flask(", "package main\n", "gem \"rails\"\n", "{:phoenix, ", "app: :a", "\"workspaces\":[\"**/../*\"]", "<Project Sdk=\"Microsoft.NET.Sdk.Web\">", "/*", "//", "output: 'export'")
        .Array[0, 12].Select(string.Concat);

    private static IEnumerable<string> Values(ServiceProposal service) =>
        new[] { service.Runtime, service.RootDirectory, service.BuildCommand, service.StartCommand, service.PublishPath, service.HealthCheckPath, service.FallbackPage }
            .OfType<Guess>().SelectMany(guess => new[] { guess.Value, guess.Reason });
}
