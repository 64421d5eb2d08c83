namespace Portico.Core.Engines;

/// <summary>An engine cannot run on this machine until a setting or the machine is changed. A restart does not help.</summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class EngineStartException(string message, Exception? innerException = null) : Exception(message, innerException);
