using Microsoft.Extensions.Logging;
using Portico.Core.Engines;
using Portico.Hosting;
using Portico.Hosting.Loops;

namespace Portico.Engines.Process.Instances;

/// <summary>
/// Saves revisions and instances on disk. The records are not flushed: a power cut ends all instances, and after it the control
/// plane requests every revision again.
/// </summary>
internal sealed partial class InstanceStore(EngineHome home, ILogger logger)
{
    public IEnumerable<RevisionRecord> Revisions() => DirectoryEntries.Files(home.Revisions, "*.json").Select(Read<RevisionRecord>).OfType<RevisionRecord>();

    /// <summary>
    /// Reads all instances. It deletes directories without a record, which belong to instances that were never started or were left by
    /// a power cut. It skips and keeps those whose record cannot be read.
    /// </summary>
    public IEnumerable<InstanceRecord> Instances()
    {
        foreach (var directory in DirectoryEntries.Directories(home.Instances))
            if (Read<InstanceRecord>(Path.Combine(directory, "record.json"), () => Directory.Delete(directory, recursive: true)) is { } record)
                yield return record;
    }

    public string SecretsOf(RevisionId id) => home.RevisionSecrets(id);

    public string DirectoryOf(InstanceId id) => home.Instance(id);

    public bool Has(RevisionId id) => File.Exists(home.RevisionFile(id));

    /// <exception cref="IOException">The record cannot be written, so the caller must not be told that the revision is accepted.</exception>
    public void Save(RevisionRecord record) => JsonFile.WriteUnflushed(home.RevisionFile(record.Revision.Id), record);

    public void Delete(RevisionId id)
    {
        File.Delete(home.RevisionFile(id));
        Workloads.RevisionFiles.Delete(home.RevisionFiles(id));
        Workloads.RevisionFiles.Delete(home.RevisionSecrets(id));
    }

    /// <exception cref="IOException">The record cannot be written.</exception>
    public void Save(InstanceRecord record)
    {
        EngineHome.MakePrivate(home.Instance(record.Id));
        JsonFile.WriteUnflushed(Path.Combine(home.Instance(record.Id), "record.json"), record);
    }

    public void Delete(InstanceId id)
    {
        if (Directory.Exists(home.Instance(id)))
            Directory.Delete(home.Instance(id), recursive: true);
    }

    private T? Read<T>(string path) where T : class => Read<T>(path, () => { });

    /// <summary>Reads a record. A damaged one does not prevent the engine from starting; a machine that cannot read files at all does.</summary>
    private T? Read<T>(string path, Action whenMissing) where T : class
    {
        try
        {
            var record = JsonFile.Read<T>(path);
            if (record is null)
                whenMissing();
            return record;
        }
        catch (Exception e) when (!MachineFailure.Is(e))
        {
            LogUnreadable(e, path);
            return null;
        }
    }

    [LoggerMessage(EventName = "RecordUnreadable", Level = LogLevel.Error, Message = "The record {Path} cannot be read. It is skipped until Portico restarts; everything else runs.")]
    private partial void LogUnreadable(Exception exception, string path);
}
