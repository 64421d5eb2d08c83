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

    protected static bool IsAlive(int pid) => Native.ProcessIdentity.Of(pid) is not null;
}
