using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Portico.Engines.Process;
using Portico.Hosting.Loops;
using Portico.Testing.DataStores;

namespace Portico.ControlPlane.Tests.KeyValue;

/// <summary>The same server as an engine runs it.</summary>
public sealed class ProcessEngineTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly string _root = Directory.CreateTempSubdirectory("portico-keyvalue-").FullName;
    private readonly CancellationTokenSource _deadline =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly TestStore _store = TestStore.Describe();
    private ProcessEngine? _engine;

    public ProcessEngineTests()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        _deadline.CancelAfter(Patience);
    }

    [Fact]
    public async Task An_engine_starts_and_repairs_it()
    {
        _engine = new ProcessEngine(new ProcessEngineOptions { Home = Path.Combine(_root, "engine") }, new LoopRegistry(), NullLoggerFactory.Instance);
        await _engine.StartAsync(_deadline.Token);
        await StoreOnEngine.StartAsync(_engine, _store.Server, _deadline.Token);
        var first = await StoreOnEngine.ConfigureAsync(_engine, _store.Server, _ => true, _deadline.Token);
        await using (var client = await _store.ConnectAsync())
            await client.SendAsync(["SET", "key", "kept"], _deadline.Token);

        using (var main = Process.GetProcessById(first.ProcessId!.Value))
            main.Kill();
        await StoreOnEngine.ConfigureAsync(_engine, _store.Server, instance => instance.ProcessId != first.ProcessId, _deadline.Token);

        await using var again = await _store.ConnectAsync();
        Assert.Equal(["kept"], await again.SendAsync(["GET", "key"], _deadline.Token));
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DeleteOwnerAsync(_store.Spec.Id, CancellationToken.None);
            await _engine.DisposeAsync();
        }
        await _store.DisposeAsync();
        Directory.Delete(_root, recursive: true);
        _deadline.Dispose();
    }
}
