using System.Diagnostics;
using System.Globalization;

namespace Portico.EndToEnd.Support;

internal static class Signals
{
    public static void Kill(int processId) => Send(processId, "KILL");

    public static void Send(int processId, string signal)
    {
        Assert.True(processId > 1, $"{processId} is no process to send a signal to.");
        using var kill = Process.Start("/bin/kill", [$"-{signal}", processId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public static bool IsRunning(int processId)
    {
        try
        {
            // "pid (name) state …": a zombie has ended, but for those of its threads that still hold its files and ports.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] != 'Z' || Directory.GetDirectories($"/proc/{processId}/task").Length > 1;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
