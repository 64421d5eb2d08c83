using Portico.Core.Engines;
using Portico.Engines.Process.Native;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

/// <summary>What was open where the engine was started stays closed to workloads.</summary>
public sealed class InheritedDescriptorsTests : ProcessEngineTest
{
    private const string Show = "ls -l /proc/self/fd";

    private readonly List<int> _inherited = [];

    [Fact]
    public async Task Workloads_have_their_input_and_output_and_nothing_else_open()
    {
        // Without the flag that closes it in children, as a terminal or pipe of whatever started the server.
        for (var i = 0; i < 3; i++)
            _inherited.Add(Libc.Open("/dev/null", 0, 0));
        Assert.All(_inherited, descriptor => Assert.True(descriptor > 2));

        Assert.IsType<RunState.Succeeded>(await RunAsync(await BuildOf("dep-b", Show)));
        var revision = Shell("dep-1", $"{Show}; exec sleep 300");
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        await RunJobAsync("job-1", revision, Show);

        AssertOnlyUsual(await RunLogAsync("dep-b"));
        AssertOnlyUsual(await RunLogAsync("job-1"));
        AssertOnlyUsual(await Eventually.BecomesAsync(
            async () => await ReadAsync(new LogQuery { Owner = Owner }), lines => Open(lines).Count > 3, Patience, "the instance has printed them"));
    }

    protected override async Task CleanUpAsync()
    {
        _inherited.ForEach(descriptor => _ = Libc.Close(descriptor));
        await base.CleanUpAsync();
    }

    /// <summary>The fourth is the directory that is listed.</summary>
    private static void AssertOnlyUsual(IReadOnlyList<string> log)
    {
        var open = Open(log);
        Assert.Equal(4, open.Count);
        Assert.EndsWith("/fd", open[3], StringComparison.Ordinal);
    }

    private static List<string> Open(IReadOnlyList<string> log) => [.. log.Where(line => line.Contains(" -> ", StringComparison.Ordinal))];
}
