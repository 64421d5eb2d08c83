using System.Diagnostics;
using System.Globalization;

namespace Portico.EndToEnd.Support;

/// <summary>What a power cut does to a platform: everything of it ends at once, and nobody sees anybody else's end.</summary>
internal static class PowerCut
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public static async Task StrikeAsync(string home)
    {
        // Stopped first, all of them: a keeper that still runs would start again what it sees die.
        var stopped = new HashSet<int>();
        while (Leftovers.Find(home).Select(process => process.Id).Where(id => !stopped.Contains(id)).ToList() is { Count: > 0 } running)
        {
            Send("STOP", running);
            stopped.UnionWith(running);
        }
        Send("KILL", stopped);
        await Eventually.TrueAsync(() => Task.FromResult(Leftovers.Find(home).Count == 0), Soon, $"nothing of {home} runs");
    }

    private static void Send(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", .. processes.Select(id => id.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }
}
