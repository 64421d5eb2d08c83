namespace Portico.Engines.Process.Native;

/// <summary>What a name in a directory stands for. A link is a link, whatever it leads to.</summary>
internal enum FileKind
{
    Directory,
    Link,

    /// <summary>A file, pipe, socket or device.</summary>
    Other,
}
