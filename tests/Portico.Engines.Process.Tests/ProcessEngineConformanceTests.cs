using EngineConformance;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests;

public sealed class ProcessEngineConformanceTests : EngineConformanceTests
{
    private readonly ProcessEngineFixture _fixture = new();

    protected override Task<IEngine> CreateAsync() => _fixture.StartAsync();

    protected override async Task<IEngine> RestartEngineAsync(IEngine engine)
    {
        await engine.DisposeAsync();
        return await _fixture.StartAsync();
    }

    protected override Command CommandFor(Behaviour behaviour) => new Command.Shell(Script.For(behaviour));

    protected override string LineFor(Behaviour behaviour) => Script.For(behaviour);

    protected override Task<(string Path, string Commit)> MakeRepositoryAsync(params (string Path, string Content)[] files) =>
        _fixture.MakeRepositoryAsync(files);

    protected override Task CrashAsync(InstanceSnapshot instance)
    {
        Native.Libc.Kill(instance.ProcessId!.Value, Native.Libc.SigKill);
        return Task.CompletedTask;
    }

    protected override string NewPath() => _fixture.NewPath();

    protected override async Task CleanUpAsync() => await _fixture.DisposeAsync();
}
