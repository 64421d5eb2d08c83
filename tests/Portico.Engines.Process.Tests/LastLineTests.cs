using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests;

/// <summary>What a program printed last, without a line break, is there as soon as it has ended.</summary>
public sealed class LastLineTests : ProcessEngineTest
{
    [Fact]
    public async Task Of_an_instance_whose_end_was_seen()
    {
        await Engine.EnsureAsync(Shell("dep-1", "printf 'all done'; exit 3"), 1, Token);
        await UntilAsync(s => s.Instances.Any(i => i.LastExit is not null), "ended");
        Assert.Equal(["all done", "==> Exited with status 3"], (await PiecesAsync()).Skip(1).Take(2));
    }

    [Fact]
    public async Task Of_an_instance_that_nobody_saw_end()
    {
        await Engine.EnsureAsync(Shell("dep-1", "printf 'all done'; exec sleep 300"), 1, Token);
        var instance = (await UntilReadyAsync(new RevisionId("dep-1"), 1)).Instances[0];
        var witness = Native.ProcStat.Read(instance.ProcessId!.Value)!.Value.Parent;
        await Engine.DisposeAsync();
        Native.Libc.Kill(witness, Native.Libc.SigKill);
        Native.Libc.Kill(instance.ProcessId.Value, Native.Libc.SigKill);
        await RestartEngineAsync();
        await UntilAsync(s => s.Instances.Any(i => i.LastExit is not null), "ended");
        Assert.Contains("all done", await PiecesAsync());
    }

    [Fact]
    public async Task Of_a_job()
    {
        await RunJobAsync("job-1", Shell("dep-1", "true"), "printf 'all done'");
        Assert.Equal(["all done"], await PiecesAsync());
    }

    [Fact]
    public async Task Of_a_build()
    {
        await RunAsync(await BuildOf("dep-1", "printf 'all done'"));
        Assert.Equal(["all done", "==> Build successful \U0001F389"], (await PiecesAsync()).TakeLast(2));
    }

    /// <summary>As the platform collects them: the log of the one workload that there was.</summary>
    private async Task<IReadOnlyList<string>> PiecesAsync() =>
        (await Engine.ReadLogAsync(Assert.Single(Engine.ListLogs()), 0, Token)).Lines;
}
