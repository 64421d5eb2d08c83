using System.Text.RegularExpressions;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd;

/// <summary>Everything that <c>docs/tutorial.md</c> tells its reader to write and run, in its order.</summary>
public sealed partial class TutorialTests
{
    private const string End = "When you no longer need the app";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_ends_with_a_frontend_a_backend_and_a_database_that_work_together()
    {
        Programs.Require("git", "node", "npm", "curl");
        var text = await File.ReadAllTextAsync(SourceTree.PathOf("docs", "tutorial.md"), Token);
        await using var platform = new TestPlatform();
        text = text.Replace(":8080", $":{platform.Port}", StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        (await platform.RunAsync("start")).ShouldSucceed();

        var done = (await platform.RunShellAsync(ScriptOf(text[..end]))).ShouldSucceed();

        Assert.Contains("""["No database yet"]""", done.Output, StringComparison.Ordinal);
        Assert.Contains("""["It works"]""", done.Output, StringComparison.Ordinal);
        using var answer = await platform.Http.GetAsync(new Uri($"{platform.UrlOf("notes-api")}/api/data"), Token);
        Assert.Equal(platform.UrlOf("notes-web"), Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("<h1>Notes</h1>", await platform.Http.GetStringAsync(new Uri(platform.UrlOf("notes-web")), Token), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () => (await platform.Http.GetStringAsync(new Uri($"{platform.UrlOf("notes-web")}/app.js"), Token)).Contains(platform.UrlOf("notes-api"), StringComparison.Ordinal),
            Patience, "the frontend has the address of the backend");

        (await platform.RunShellAsync(ScriptOf(text[end..]))).ShouldSucceed();
        Assert.Empty(await platform.StatusAsync());
    }

    /// <summary>A block is a file if the line above it ends with the file's name and a colon.</summary>
    private static string ScriptOf(string text) => Author + string.Join('\n', Block().Matches(text).Select(block => block.Groups["file"] is { Success: true } file
        ? $"mkdir -p \"$(dirname {file.Value})\" && cat >{file.Value} <<'END'\n{block.Groups["content"].Value}END"
        : block.Groups["content"].Value));

    private const string Author = "set -eu; export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com\n";

    [GeneratedRegex(@"(?:`(?<file>[^`\n]+)`:\n\n```(?:js|json|html)|^```sh)\n(?<content>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
