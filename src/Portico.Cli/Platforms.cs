using System.Runtime.Versioning;

// File modes, sessions and unix sockets are used throughout.
[assembly: UnsupportedOSPlatform("windows")]
