namespace Portico.Core.Engines;

/// <summary>An engine cannot run on this machine until somebody changes a setting or the machine: starting it again does not help.</summary>
/// <param name="message">What is wrong, and what to do about it.</param>
/// <param name="innerException">What the engine was told when it tried, or null.</param>
public sealed class EngineStartException(string message, Exception? innerException = null) : Exception(message, innerException);
