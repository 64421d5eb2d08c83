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

    /// <summary>Arguments of processes that commands in the sandboxes of an instance and a held job have left, and that ignore signals.</summary>
    public static IReadOnlyList<string> Attached { get; } = ["1011", "1012", "1013", "1014"];

    private static readonly List<IAttachedCommand> Commands = [];

    private static async Task AttachAsync(ProcessEngine engine, InstanceSnapshot instance)
    {
        var revision = new Revision
        {
            Id = new RevisionId("dep-held"),
            Owner = instance.Owner,
            Name = "app",
            Runtime = new WorkloadRuntime("static"),
            Command = new Command.Shell("true"),
            Environment = new Dictionary<string, string>(),
            Port = new PortBinding.None(),
            Health = new HealthCheck.Running(),
            Limits = ResourceLimits.None,
        };
        await engine.StartJobAsync(new JobRequest { Id = new RunId("job-held"), Revision = revision, Command = revision.Command, IsHeld = true }, CancellationToken.None);
        Commands.Add(await engine.AttachAsync(new AttachRequest { Instance = instance.Id, Line = Stubborn(0) }, CancellationToken.None));
        Commands.Add(await engine.AttachAsync(new AttachRequest { Run = new RunId("job-held"), Line = Stubborn(2), Terminal = new TerminalRequest("xterm", new TerminalSize(80, 24)) }, CancellationToken.None));
        foreach (var command in Commands)
            await foreach (var _ in command.ReadAsync(CancellationToken.None))
                break;
    }

    private static string Stubborn(int first) => $"trap '' HUP TERM INT; setsid sleep {Attached[first]} & sleep {Attached[first + 1]} & echo started; wait";

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
                await AttachAsync(engine, snapshot.Instances[0]);
                Console.WriteLine(string.Join(' ', snapshot.Instances.Select(instance => instance.ProcessId)));
            }
    }
}
