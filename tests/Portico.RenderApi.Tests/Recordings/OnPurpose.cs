namespace Portico.RenderApi.Tests.Recordings;

/// <summary>A difference from Render that Portico wants. The page about compatibility lists all of them.</summary>
/// <param name="Operation">Method and the end of the path, as in <c>POST …/deploys</c>; empty for every operation.</param>
/// <param name="Place">The end of the place of the difference; <c>202 → 201</c> for the status of the response.</param>
/// <param name="Reason">For users: what Portico does instead, and why.</param>
internal sealed record OnPurpose(string Operation, string Place, string Reason)
{
    public static IReadOnlyList<OnPurpose> All { get; } =
    [
        new("POST …/deploys", "202 → 201", "Render answers 202 without a body while another deploy is waiting. Portico always answers 201 with the new deploy, so that a client can follow it."),
        new("POST …/deploys", "startedAt", "A deploy starts after the answer, so `startedAt` is not there yet."),
        new("POST …/deploys", "commit.message", "A commit is fetched after the answer; its message is there as soon as it is."),
        new("POST …/deploys", "commit.createdAt", "A commit is fetched after the answer; its time is there as soon as it is."),
        new("POST …/deploys", "finishedAt", "Render wrote `finishedAt: null` until January 2025, and leaves it out since."),
        new("", "openPorts.port", "`openPorts` has the port of the service on this machine. All services of a machine share its ports, so it cannot be 10000 for each."),
        new("", "diskSizeGB", "A database for which no disk size was chosen may use the whole disk of the machine, so `diskSizeGB` is left out; Render's plans have a default."),
        new("", "sshAddress", "`sshAddress` is left out while no SSH server answers."),
        new("", "preDeployCommand", "A pre-deploy command that was emptied is left out, as one that was never set; Render shows an empty text."),
    ];

    public string Name => $"{(Operation.Length == 0 ? "all" : Operation)} {Place}";

    public bool Covers(Recording recording, Difference difference) => (difference.Place == Place || difference.Place.EndsWith($".{Place}", StringComparison.Ordinal)) && IsAt(recording);

    private bool IsAt(Recording recording) =>
        Operation.Split(' ') is not [var method, var end] || (recording.Method == method && recording.Place.EndsWith(end.TrimStart('…'), StringComparison.Ordinal));
}
