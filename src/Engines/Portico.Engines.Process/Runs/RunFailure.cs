namespace Portico.Engines.Process.Runs;

/// <summary>A build or job cannot go on; the message is for its owner.</summary>
internal sealed class RunFailure(string message) : Exception(message);
