"""What pyasic reads of the miner at 127.0.0.1 and a port, as JSON. Run by pyasic's own Python."""
import asyncio
import json
import sys

from pyasic.miners.backends.cgminer import CGMiner
from pyasic.miners.data import DataOptions


async def read():
    miner = CGMiner("127.0.0.1")
    miner.rpc.port = int(sys.argv[1])
    wanted = (DataOptions.HASHRATE, DataOptions.UPTIME, DataOptions.API_VERSION, DataOptions.FW_VERSION, DataOptions.POOLS)
    data = await miner.get_data(include=list(wanted))
    joined = await miner.rpc.multicommand("summary", "devs", "pools")
    return {"hashrate": float(data.hashrate), "uptime": data.uptime, "api": data.api_ver, "version": data.fw_ver,
            "pools": [{"accepted": p.accepted, "rejected": p.rejected, "alive": p.alive, "user": p.user,
                       "url": p.url and str(p.url)} for p in data.pools],
            "configured": [pool.url for pool in (await miner.get_config()).pools.groups[0].pools],
            "joined": sorted(joined)}

print(json.dumps(asyncio.run(read())))
