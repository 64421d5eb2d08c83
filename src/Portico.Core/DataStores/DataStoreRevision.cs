using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portico.Core.Engines;

namespace Portico.Core.DataStores;

/// <summary>Derives the id of a data store's revision from its content, so that an unchanged store is not restarted.</summary>
public static class DataStoreRevision
{
    private const int GenerationLength = 10;

    /// <summary>Returns the revision with the id <c>{owner}-{hash of everything that a running instance depends on}</c>.</summary>
    /// <param name="restarts">How many restarts were requested. Each is a new revision that takes over the disk.</param>
    public static Revision Identify(Revision revision, int restarts = 0)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in Describe(revision))
            Append(hash, part);
        var generation = Convert.ToHexStringLower(hash.GetHashAndReset())[..GenerationLength];
        var suffix = restarts == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{restarts}");
        return revision with { Id = new RevisionId($"{revision.Owner}-{generation}{suffix}") };
    }

    // The name is not hashed: a renamed store keeps running.
    private static IEnumerable<string> Describe(Revision revision) =>
    [
        revision.Runtime.ToString(), .. Describe(revision.Command),
        .. Describe(revision.Environment), .. Describe(revision.Files),
        revision.Port.ToString(), revision.Health.ToString(), revision.Limits.ToString(), Describe(revision.Disk),
        revision.StopSignal.ToString(), revision.StopGrace.Ticks.ToString(CultureInfo.InvariantCulture),
    ];

    // A fixed text, not the generated one: stores without a disk size keep their hash and are not restarted.
    private static string Describe(DiskMount? disk) => disk is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"DiskMount {{ Id = {disk.Id}, MountPath = {disk.MountPath} }}{disk.SizeBytes}");

    private static IEnumerable<string> Describe(Command command) => command switch
    {
        Command.Exec exec => [exec.Program, .. exec.Arguments],
        Command.Shell shell => [shell.Line],
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    private static IEnumerable<string> Describe(IReadOnlyDictionary<string, string> entries) =>
    [
        entries.Count.ToString(CultureInfo.InvariantCulture),
        .. entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => new[] { entry.Key, entry.Value }),
    ];

    // Hash the length before each part, so that moving a character from one part to the next changes the hash.
    private static void Append(IncrementalHash hash, string part)
    {
        var bytes = Encoding.UTF8.GetBytes(part);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
