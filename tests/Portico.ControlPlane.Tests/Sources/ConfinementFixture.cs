using Microsoft.Extensions.Logging.Abstractions;
using Portico.ControlPlane.Tests.Git;
using Portico.Core.Engines;
using Portico.Engines.Process;
using Portico.Engines.Process.Accounts;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Tests.Sources;

/// <summary>A real engine that confines git, for all tests of a class.</summary>
public sealed class ConfinementFixture : IAsyncLifetime
{
    private const uint FirstNumber = 1_000_000_000;

    private readonly List<ProcessEngine> _engines = [];

    public string Root { get; } = Directory.CreateTempSubdirectory("portico-confined-").FullName;

    internal IToolConfinement Offered { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        if (!Environment.IsPrivilegedProcess)
            return;
        Installed.Require("bwrap");
        Offered = await StartAsync("engine", null);
    }

    /// <summary>What the machine offers where bubblewrap does not work.</summary>
    internal IToolConfinement WithoutSandbox()
    {
        var home = new EngineHome(Path.Combine(Root, "engine"), TimeProvider.System);
        var identities = new Identities(home, new Account("portico", (999, 999)), new IdentityRange(FirstNumber, FirstNumber + 1));
        return new ToolConfinement(home, identities, sandbox: null);
    }

    /// <summary>One that can give an account to only one repository.</summary>
    internal Task<IToolConfinement> WithNumbersForOneAsync()
    {
        var first = FirstNumber + (2 * (uint)Environment.ProcessId);
        return StartAsync("small", (first, first + 1));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
            await engine.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    private async Task<IToolConfinement> StartAsync(string home, (uint First, uint Last)? numbers)
    {
        var options = new ProcessEngineOptions { Home = Path.Combine(Root, home), UsePrivateNetwork = false, AccountNumbers = numbers };
        var engine = new ProcessEngine(options, new LoopRegistry(), NullLoggerFactory.Instance);
        _engines.Add(engine);
        await engine.StartAsync(TestContext.Current.CancellationToken);
        return engine.Confinement;
    }
}
