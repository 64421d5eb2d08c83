using Portico.Blueprint;
using Portico.Blueprint.Planning;
using Portico.Blueprint.References;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Tests.Crash;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Blueprints;

/// <summary>What was just applied is not a change: whatever a plan compares is stored.</summary>
public sealed class PlanAfterApplyTests : IAsyncLifetime
{
    private SimPlatform _platform = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await SimPlatform.StartAsync(Token);

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_plan_right_after_its_file_was_applied_is_empty()
    {
        var files = Files();
        Assert.True(files.Count > 2, $"Only {files.Count} files were found.");
        var tried = 0;
        foreach (var file in files)
            tried += await AssertEmptyAsync(file, await File.ReadAllTextAsync(file, Token)) ? 1 : 0;
        Assert.InRange(tried, files.Count / 2, files.Count);
    }

    [Fact]
    public async Task A_token_in_a_repositorys_url_is_a_change_only_when_it_changes_and_is_never_shown()
    {
        const string Url = "https://me:token-1@git.example.org/a/b";
        Assert.True(await AssertEmptyAsync("token", File_(Url)));
        foreach (var (url, actions) in ((string, int)[])[("https://git.example.org/a/b", 0), (Url, 0), ("https://me:token-2@git.example.org/a/b", 1), ("https://git.example.org/a/c", 1)])
        {
            var plan = await PlanAfterAsync(File_(Url), File_(url));
            Assert.True(actions == plan.TotalActions, PlanText.Render(plan));
            Assert.DoesNotContain("token-", PlanText.Render(plan), StringComparison.Ordinal);
        }
        foreach (var broken in (string[])["http://me:token-1@", "ftp://me:token-1@host/x", "https://me:token-1@host/a::b", "https://token-1@-host/x", "-https://me:token-1@host/x"])
            Assert.All(BlueprintParser.Parse(File_(broken)).Diagnostics, item => Assert.DoesNotContain("token-1", item.ToString(), StringComparison.Ordinal));
    }

    private static string File_(string url) =>
        $"services: [{{ type: worker, name: w, runtime: node, buildCommand: make, startCommand: work, repo: \"{url}\" }}]";

    /// <returns>Whether the file could be tried: one with errors, or with a domain that is refused, cannot be applied.</returns>
    private async Task<bool> AssertEmptyAsync(string name, string text)
    {
        if (BlueprintParser.Parse(text) is not { HasErrors: false })
            return false;
        try
        {
            var plan = await PlanAfterAsync(text, text);
            Assert.True(plan.TotalActions == 0, $"{name}:\n{PlanText.Render(plan)}");
            return true;
        }
        catch (RefusedException)
        {
            return false;
        }
    }

    /// <summary>Applies one file, plans the other, and takes everything back.</summary>
    private async Task<BlueprintPlan> PlanAfterAsync(string applied, string planned)
    {
        await using var db = await _platform.OpenAsync(Token);
        await using var transaction = await db.Database.BeginTransactionAsync(Token);
        var nothing = await ExistingBlueprint.ReadAsync(db, _platform.Workspace, Token);
        var first = Planner.Plan(BlueprintParser.Parse(applied).File!, nothing);
        await _platform.Get<PlanWriter>().WriteAsync(db, _platform.Workspace, first, new Dictionary<string, string>(), new HashSet<string>(), await _platform.OwnerAsync(Token), Token);
        await db.SaveChangesAsync(Token);
        var existing = await ExistingBlueprint.ReadAsync(db, _platform.Workspace, Token);
        return Planner.Plan(BlueprintParser.Parse(planned, KnownResources.In(existing)).File!, existing);
    }

    /// <summary>The examples, and the files of others where these are at hand.</summary>
    private static List<string> Files()
    {
        var examples = Directory.GetFiles(SourceTree.PathOf("examples"), "render.yaml", SearchOption.AllDirectories);
        var corpus = Ancestors(SourceTree.PathOf("examples")).Select(path => Path.Combine(path, "shared", "render", "corpus")).FirstOrDefault(Directory.Exists);
        return [.. examples, .. corpus is null ? [] : Directory.GetFiles(corpus, "*.yaml")];
    }

    private static IEnumerable<string> Ancestors(string path)
    {
        for (var at = Path.GetDirectoryName(path); at is not null; at = Path.GetDirectoryName(at))
            yield return at;
    }
}
