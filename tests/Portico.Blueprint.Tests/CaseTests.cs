using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Engines;
using Portico.Blueprint.Planning;
using Portico.Blueprint.References;

namespace Portico.Blueprint.Tests;

/// <summary>
/// A folder per case. <c>render.yaml</c> is read, and its diagnostics must be those of <c>diagnostics.txt</c>.
/// Next to an <c>existing.yaml</c> the plan must be that of <c>plan.txt</c>; in <c>engine-…</c> what a small
/// engine says of it must be that of <c>engine.txt</c>. PORTICO_ACCEPT=1 writes the files anew, to be looked at.
/// </summary>
public sealed class CaseTests
{
    /// <summary>A machine with node and PostgreSQL 16, without containers, which lacks about everything.</summary>
    private static readonly EngineSupport SmallEngine = new()
    {
        Name = "process",
        Images = false,
        Dockerfiles = false,
        DiskRestriction = "disks can be mounted below /var/data only",
        Runtimes = [new RuntimePresence("node", ["22.1.0"], "apt-get install nodejs"), new RuntimePresence("go", [], "apt-get install golang")],
        PostgresMajors = ["16"],
        PostgresHint = "install it: apt-get install postgresql-{0}",
        KeyValue = false,
        KeyValueInstall = "apt-get install valkey",
        Regions = ["rack-one"],
        Gaps = [.. Enum.GetValues<Feature>().Select(feature => new FeatureGap(
            feature, feature is Feature.Autoscaling or Feature.ReadReplicas ? Severity.Error : Severity.Warning, "it is not built yet"))],
    };

    public static TheoryData<string> Names { get; } =
        [.. Directory.EnumerateDirectories(SourceRoot.Cases).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Case(string name)
    {
        var directory = Path.Combine(SourceRoot.Cases, name);
        var text = await Read(directory, "render.yaml");
        if (File.Exists(Path.Combine(directory, "existing.yaml")))
            await Verified.Matches(Path.Combine(directory, "plan.txt"), Plan(text, await Read(directory, "existing.yaml")));
        else if (name.StartsWith("engine-", StringComparison.Ordinal))
            await Verified.Matches(Path.Combine(directory, "engine.txt"), Lines(EngineCheck.Check(BlueprintParser.Parse(text).File!, SmallEngine)));
        else
            await Verified.Matches(Path.Combine(directory, "diagnostics.txt"), Lines(BlueprintParser.Parse(text).Diagnostics));
    }

    private static string Plan(string desired, string existing)
    {
        var before = BlueprintParser.Parse(existing);
        var after = BlueprintParser.Parse(desired, KnownResources.In(before.File!));
        Assert.False(before.HasErrors, Lines(before.Diagnostics));
        Assert.False(after.HasErrors, Lines(after.Diagnostics));
        return PlanText.Render(Planner.Plan(after.File!, before.File!));
    }

    private static string Lines(IReadOnlyList<Diagnostic> diagnostics) => string.Concat(diagnostics.Select(item => item + "\n"));

    private static Task<string> Read(string directory, string file) =>
        File.ReadAllTextAsync(Path.Combine(directory, file), TestContext.Current.CancellationToken);
}
