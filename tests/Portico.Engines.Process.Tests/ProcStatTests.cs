using System.Diagnostics;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Tests;

public sealed class ProcStatTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private const string GoesOnWithoutItsFirstThread = """
        import ctypes, sys, threading
        threading.Thread(target=sys.stdin.read).start()
        ctypes.CDLL(None).pthread_exit(None)
        """;

    [Fact]
    public void A_process_lives_as_long_as_any_of_its_threads()
    {
        var start = new ProcessStartInfo("python3", ["-c", GoesOnWithoutItsFirstThread]) { RedirectStandardInput = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        Assert.True(SpinWait.SpinUntil(() => ProcStat.Read(process.Id) is { State: 'Z' }, Soon), "Its first thread goes on.");

        Assert.False(ProcStat.Read(process.Id)!.Value.IsDead);

        process.StandardInput.Close();
        Assert.True(SpinWait.SpinUntil(() => ProcStat.Read(process.Id) is null or { IsDead: true }, Soon), "It goes on.");
    }
}
