using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Portico.Core.Engines;
using Portico.Hosting.Loops;
using OsProcess = System.Diagnostics.Process;

namespace Portico.Engines.Process.Tests;

/// <summary>This executable again, as a process that is only an engine and can be killed.</summary>
internal static class EngineHost
{
    private const string HomeVariable = "PORTICO_TEST_ENGINE_HOME", RepositoryVariable = "PORTICO_TEST_REPOSITORY", CommitVariable = "PORTICO_TEST_COMMIT";

    public static OsProcess Start(string home, string repository, string commit) => OsProcess.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, typeof(EngineHost).Assembly.GetName().Name!))
    {
        RedirectStandardOutput = true,
        Environment = { [HomeVariable] = home, [RepositoryVariable] = repository, [CommitVariable] = commit },
    })!;

    public static async Task<IReadOnlyList<int>> ReadPidsAsync(OsProcess host, CancellationToken cancellationToken)
    {
        var line = await host.StandardOutput.ReadLineAsync(cancellationToken);
        return [.. line!.Split(' ').Select(int.Parse)];
    }

    public static string? AskedHome => Environment.GetEnvironmentVariable(HomeVariable);

    public static async Task RunAsync(string home)
    {
        var engine = new ProcessEngine(new ProcessEngineOptions { Home = home }, new LoopRegistry(), NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
        await engine.EnsureAsync(
            new Revision
            {
                Id = new RevisionId("dep-1"),
                Owner = "srv-0123456789abcdefghij",
                Name = "app",
                Runtime = new WorkloadRuntime("static"),
                Command = new Command.Shell(Script.Serve),
                Environment = new Dictionary<string, string>(),
                Port = new PortBinding.Assigned(),
                Health = new HealthCheck.Http("/"),
                Limits = ResourceLimits.None,
            },
            2,
            CancellationToken.None);
        await foreach (var snapshot in engine.WatchAsync(CancellationToken.None))
            if (snapshot.Instances.Count(instance => instance.Status == InstanceStatus.Ready) == 2)
            {
                await engine.StartBuildAsync(
                    new BuildRequest
                    {
                        Id = new RunId("dep-b"),
                        Owner = "srv-0123456789abcdefghij",
                        Name = "app",
                        Runtime = new WorkloadRuntime("static"),
                        RepositoryPath = Environment.GetEnvironmentVariable(RepositoryVariable)!,
                        Commit = Environment.GetEnvironmentVariable(CommitVariable)!,
                        Command = "sleep 1; echo built",
                        Environment = new Dictionary<string, string>(),
                    },
                    CancellationToken.None);
                while (!File.Exists(Path.Combine(home, "runs", "dep-b", "pid.1")))
                    await Task.Delay(5);
                Console.WriteLine(string.Join(' ', snapshot.Instances.Select(instance => instance.ProcessId)));
            }
    }
}
