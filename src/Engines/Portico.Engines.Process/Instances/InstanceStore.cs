using Microsoft.Extensions.Logging;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Instances;

/// <summary>Revisions and instances on disk.</summary>
internal sealed partial class InstanceStore(EngineHome home, ILogger logger)
{
    public IEnumerable<RevisionRecord> Revisions() =>
        Directory.GetFiles(home.Revisions, "*.json").Select(JsonFile.Read<RevisionRecord>).OfType<RevisionRecord>();

    /// <summary>A directory without a record is of an instance that was never started, or what a loss of power has left of one.</summary>
    public IEnumerable<InstanceRecord> Instances()
    {
        foreach (var directory in Directory.GetDirectories(home.Instances))
            if (JsonFile.Read<InstanceRecord>(Path.Combine(directory, "record.json")) is { } record)
                yield return record;
            else
                Directory.Delete(directory, recursive: true);
    }

    public string SecretsOf(RevisionId id) => home.RevisionSecrets(id);

    public string DirectoryOf(InstanceId id) => home.Instance(id);

    /// <exception cref="IOException">It cannot be written down, so it must not be promised.</exception>
    public void Save(RevisionRecord record) => JsonFile.Write(home.RevisionFile(record.Revision.Id), record);

    public void Delete(RevisionId id)
    {
        File.Delete(home.RevisionFile(id));
        Workloads.RevisionFiles.Delete(home.RevisionFiles(id));
        Workloads.RevisionFiles.Delete(home.RevisionSecrets(id));
    }

    /// <exception cref="IOException">It cannot be written down, so it must not be started.</exception>
    public void SaveNew(InstanceRecord record)
    {
        EngineHome.MakePrivate(home.Instance(record.Id));
        JsonFile.Write(RecordOf(record.Id), record);
    }

    /// <summary>What happens to a running instance stays true in memory when the disk is full.</summary>
    public void Save(InstanceRecord record)
    {
        try
        {
            JsonFile.Write(RecordOf(record.Id), record);
        }
        catch (Exception e) when (e is IOException)
        {
            NotSaved(record.Id.Value, e);
        }
    }

    public void Delete(InstanceId id)
    {
        if (Directory.Exists(home.Instance(id)))
            Directory.Delete(home.Instance(id), recursive: true);
    }

    private string RecordOf(InstanceId id) => Path.Combine(home.Instance(id), "record.json");

    [LoggerMessage(20, LogLevel.Error, "The state of instance {InstanceId} cannot be written down")]
    private partial void NotSaved(string instanceId, Exception exception);
}
