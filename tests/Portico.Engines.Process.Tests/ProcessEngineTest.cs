using EngineConformance;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests;

/// <summary>A real engine on a home of its own, for what is special about processes.</summary>
public abstract class ProcessEngineTest : EngineSuite
{
    private protected ProcessEngineFixture Fixture { get; } = new();

    private protected virtual ProcessEngineOptions Options => Fixture.Options;

    protected static bool IsRoot => Native.Libc.EffectiveUser() == 0;

    /// <summary>A dependency that is not here skips a test on a laptop and fails it where all must be there.</summary>
    protected static void Require(bool condition, string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(condition, what);
        Assert.SkipUnless(condition, what);
    }

    protected override Task<IEngine> CreateAsync() => Fixture.StartAsync(Options);

    protected override async Task<IEngine> RestartEngineAsync(IEngine engine)
    {
        await engine.DisposeAsync();
        return await Fixture.StartAsync(Options);
    }

    protected override Command CommandFor(Behaviour behaviour) => new Command.Shell(Script.For(behaviour));

    protected override string LineFor(Behaviour behaviour) => Script.For(behaviour);

    protected override Task<(string Path, string Commit)> MakeRepositoryAsync(params (string Path, string Content)[] files) =>
        Fixture.MakeRepositoryAsync(files);

    protected override Task CrashAsync(InstanceSnapshot instance)
    {
        Native.Libc.Kill(instance.ProcessId!.Value, Native.Libc.SigKill);
        return Task.CompletedTask;
    }

    protected override string NewPath() => Fixture.NewPath();

    protected override async Task CleanUpAsync() => await Fixture.DisposeAsync();

    protected Revision Shell(string id, string line) => NewRevision(id, new Behaviour.Idle()) with { Command = new Command.Shell(line) };

    protected Revision ShellServer(string id, string line) => NewRevision(id, new Behaviour.Serve()) with { Command = new Command.Shell(line) };

    protected async Task<BuildRequest> BuildOf(string id, string line, params (string Path, string Content)[] files) =>
        await NewBuildAsync(id, new Behaviour.Exit(0), files) with { Command = line };

    protected async Task<RunState> RunAsync(BuildRequest build)
    {
        await Engine.StartBuildAsync(build, Token);
        return await UntilOverAsync(build.Id);
    }

    protected async Task<RunState> RunJobAsync(string id, Revision revision, string line)
    {
        await Engine.StartJobAsync(new JobRequest { Id = new RunId(id), Revision = revision, Command = new Command.Shell(line) }, Token);
        return await UntilOverAsync(new RunId(id));
    }

    protected Task<IReadOnlyList<string>> RunLogAsync(string id) => ReadAsync(new LogQuery { Run = new RunId(id) });

    /// <summary>What a build of <see cref="EngineSuite.Owner"/> sees as its home.</summary>
    private protected string BuildHome => Path.Combine(Fixture.Home, "homes", Owner);

    /// <summary>What an instance or job of <see cref="EngineSuite.Owner"/> sees as its home.</summary>
    private protected string RunHome => Path.Combine(Fixture.Home, "run-homes", Owner);

    /// <summary>Whether a process has this argument. Inside of a sandbox, processes have other numbers.</summary>
    protected static bool IsRunning(string argument) => Native.ProcStat.ReadAll().Any(stat => !stat.IsDead && ArgumentsOf(stat.Pid).Contains(argument));

    private static string[] ArgumentsOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    protected static bool IsAlive(int pid) => Native.ProcessIdentity.Of(pid) is not null;

    /// <summary>Ends all that belongs to this home: workloads, also those in a sandbox, which see no path of it, and those that wait for them.</summary>
    protected async Task PowerCutAsync()
    {
        List<int> left;
        do
        {
            left = [.. Native.ProcStat.ReadAll().Where(stat => !stat.IsDead && stat.Pid != Environment.ProcessId && Mentions(stat.Pid)).Select(stat => stat.Pid)];
            left.ForEach(pid => Native.Libc.Kill(pid, Native.Libc.SigKill));
            await Task.Delay(5, Token);
        }
        while (left.Count > 0);
    }

    private string Tag => new EngineHome(Fixture.Home, TimeProvider.System).Tag;

    private bool Mentions(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/cmdline") + File.ReadAllText($"/proc/{pid}/environ");
            return text.Contains(Fixture.Home, StringComparison.Ordinal) || text.Contains($"={Tag}/", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
