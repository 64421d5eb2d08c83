using System.Diagnostics;
using System.Globalization;
using Portico.Testing;

namespace Portico.EndToEnd.Support;

/// <summary>What a power cut does to a platform: everything of it ends at once, and nobody sees anybody else's end.</summary>
internal static class PowerCut
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public static async Task StrikeAsync(string home)
    {
        // Stopped first, all of them: a keeper that still runs would start again what it sees die.
        var stopped = new HashSet<int>();
        while (Find(home).Where(id => !stopped.Contains(id)).ToList() is { Count: > 0 } running)
        {
            Send("STOP", running);
            stopped.UnionWith(running);
        }
        Send("KILL", stopped);
        // By number: what ends gives up its command and environment before its files and ports.
        await Eventually.TrueAsync(() => Task.FromResult(!Find(home).Union(stopped).Any(Signals.IsRunning)), Soon, $"nothing of {home} runs");
    }

    /// <summary>Some write over their own command and environment: those are found by what the engine knows of them.</summary>
    private static IEnumerable<int> Find(string home) =>
        Leftovers.Find(home).Select(process => process.Id).Union(MainProcesses(Path.Combine(home, "engine")));

    private static IEnumerable<int> MainProcesses(string engine) =>
        ((string[])["instances", "runs"]).Select(name => Path.Combine(engine, name)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "pid.*", SearchOption.AllDirectories))
            .Select(file => File.ReadAllText(file).Split(' '))
            .Where(fields => fields.Length > 21 && int.TryParse(fields[0], CultureInfo.InvariantCulture, out var id)
                && Signals.IsRunning(id) && File.ReadAllText($"/proc/{id}/stat").Split(' ')[^31] == fields[^31])
            .Select(fields => int.Parse(fields[0], CultureInfo.InvariantCulture));

    private static void Send(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", .. processes.Select(id => id.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }
}
